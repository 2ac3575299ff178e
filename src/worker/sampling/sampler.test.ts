import { describe, expect, test } from 'vitest';
import { LogitsKernel } from './logitsKernel';
import { draw, greedy } from './sampler';
import { seededRandom } from './seededRandom';

const kernel = new LogitsKernel();
const load = (logits: readonly number[]) => {
  kernel.load(Float32Array.from(logits));
  return kernel;
};

describe('greedy', () => {
  test('takes the highest logit', () => {
    expect(greedy(load([-3, -1, -2]))).toBe(1);
    expect(greedy(load([-Infinity, -Infinity, -9]))).toBe(2);
  });

  test('takes the lowest id of equals', () => {
    expect(greedy(load([0, 5, 5, 5]))).toBe(1);
  });
});

describe.each(['all', 'some'])('drawing among %s', (which) => {
  const ids = which === 'all' ? undefined : Uint32Array.of(0, 1, 2, 3);
  const logits = [0.2, 0, 0.5, 0.3].map(Math.log);

  test('draws each token as often as its probability says', () => {
    load(logits);
    const random = seededRandom(2024);
    const counts = [0, 0, 0, 0];
    for (let i = 0; i < 100_000; i++) counts[draw(kernel, random(), ids)]!++;
    // Four standard deviations of 100,000 draws are at most 633.
    [20_000, 0, 50_000, 30_000].forEach((expected, id) => {
      expect(Math.abs(counts[id]! - expected)).toBeLessThan(expected === 0 ? 1 : 633);
    });
  });

  test.each([
    [0, 0],
    [0.199, 0],
    [0.201, 2],
    [0.699, 2],
    [0.701, 3],
    [1 - 2 ** -32, 3],
  ])('a random number of %d falls on token %d', (random, id) => {
    expect(draw(load(logits), random, ids)).toBe(id);
  });

  test('never draws a token that is ruled out, not even for lack of others', () => {
    load([-Infinity, 3, -Infinity, -Infinity]);
    expect(draw(kernel, 1 - 2 ** -32, ids)).toBe(1);
    expect(draw(kernel, 0, ids)).toBe(1);
  });
});

test('drawing among some leaves out the others', () => {
  expect(draw(load([5, 1, 1]), 0, Uint32Array.of(1, 2))).toBe(1);
  expect(draw(kernel, 0.51, Uint32Array.of(1, 2))).toBe(2);
});

test('of many equal tokens each has its share, across all blocks', () => {
  load(new Array<number>(1000).fill(-2));
  for (let id = 0; id < 1000; id++) expect(draw(kernel, (id + 0.5) / 1000)).toBe(id);
});
