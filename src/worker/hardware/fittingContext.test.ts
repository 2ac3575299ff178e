import { expect, test } from 'vitest';
import { fittingContext } from './fittingContext';
import { qwen7bShape } from './memoryEstimate';

const gib = 2 ** 30;
const context = (freeGib: number | null, longest = 32_767) =>
  fittingContext(
    { shape: qwen7bShape, precision: 'nf4', device: 'gpu' },
    { freeBytes: freeGib === null ? null : freeGib * gib, least: 2048, longest },
  );

// Weights 3.8 GiB, 0.5 MiB a token of keys and values, and half a GiB each to compute with and to spare.
test('the context follows the free memory up to what the model has positions for', () => {
  expect(context(24)).toBe(32_767);
  expect(context(8)).toBeGreaterThan(6000);
  expect(context(8)).toBeLessThan(8192);
  expect(context(24, 8192)).toBe(8192);
});

test('it is never below what the precision was chosen for, nor above what the model has', () => {
  expect(context(1)).toBe(2048);
  expect(context(1, 1024)).toBe(1024);
});

test('where memory cannot be read, it is the training length', () => {
  expect(context(null)).toBe(8192);
  expect(context(null, 2048)).toBe(2048);
});
