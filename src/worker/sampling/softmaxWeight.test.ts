import { expect, test } from 'vitest';
import { softmaxWeight } from './softmaxWeight';

test('is e^-gap within 3e-9 of its value', () => {
  for (let gap = 0; gap < 40; gap += 0.0137)
    expect(Math.abs(softmaxWeight(gap) / Math.exp(-gap) - 1)).toBeLessThan(3e-9);
  expect(softmaxWeight(0)).toBe(1);
});

test.each([40, 1e30, Infinity])('is 0 for %d', (gap) => {
  expect(softmaxWeight(gap)).toBe(0);
});
