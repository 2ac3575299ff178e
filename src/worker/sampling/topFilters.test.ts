import { describe, expect, test } from 'vitest';
import type { LogitsProcessor } from './logitsProcessors';
import { seededRandom } from './seededRandom';
import { topK, topP } from './topFilters';

/** The ids that a filter leaves. */
function left(filter: LogitsProcessor, logits: readonly number[]): number[] {
  const array = Float32Array.from(logits);
  filter(array, []);
  return [...array.keys()].filter((id) => array[id] !== -Infinity);
}
const logitsOf = (probabilities: number[]) => probabilities.map(Math.log);

describe('top-k', () => {
  test('leaves the k highest', () => {
    expect(left(topK(2), [1, 4, 2, 3])).toEqual([1, 3]);
    expect(left(topK(1), [-1e9, -5, -1e20])).toEqual([1]);
  });

  test('leaves what equals the last of them, as Hugging Face does', () => {
    expect(left(topK(2), [1, 3, 4, 3, 3])).toEqual([1, 2, 3, 4]);
  });

  test('leaves all where there are fewer', () => {
    expect(left(topK(5), [1, 2, -Infinity])).toEqual([0, 1]);
    expect(left(topK(2), [1, 2])).toEqual([0, 1]);
  });

  test('finds the place in a wide distribution', () => {
    expect(left(topK(3), [0, -100, -200, -300.5, -300])).toEqual([0, 1, 2]);
    expect(left(topK(4), [0, -100, -200, -300.5, -300])).toEqual([0, 1, 2, 4]);
  });
});

describe('top-p', () => {
  const probabilities = [0.05, 0.5, 0.15, 0.3];
  test.each([
    [0.01, [1]],
    [0.49, [1]],
    [0.51, [1, 3]],
    [0.79, [1, 3]],
    [0.81, [1, 2, 3]],
    [0.94, [1, 2, 3]],
    [0.96, [0, 1, 2, 3]],
  ])('%d leaves the smallest set that reaches it', (p, ids) => {
    expect(left(topP(p), logitsOf(probabilities))).toEqual(ids);
  });

  test('leaves the lower ids of equals', () => {
    expect(left(topP(0.5), [2, 2, 2, 2])).toEqual([0, 1]);
  });

  test('counts the tokens before it alone', () => {
    // Of 0.5 and 0.3, which share all that is left, 0.5 is 62.5 %.
    expect(left(topP(0.6), logitsOf([0.5, 0, 0.3]))).toEqual([0]);
    expect(left(topP(0.65), logitsOf([0.5, 0, 0.3]))).toEqual([0, 2]);
  });

  test.each([0.3, 0.8, 0.95, 0.999])('%d leaves what sorting all of a large vocabulary would leave', (p) => {
    const random = seededRandom(7);
    const logits = Float32Array.from({ length: 20_000 }, () => 4 * Math.sqrt(-2 * Math.log(1 - random())) - 3);
    const order = [...logits.keys()].sort((a, b) => logits[b]! - logits[a]!);
    const total = order.reduce((sum, id) => sum + Math.exp(logits[id]!), 0);
    let sum = 0;
    const count = 1 + order.findIndex((id) => (sum += Math.exp(logits[id]!)) >= p * total);
    expect(left(topP(p), [...logits])).toEqual(order.slice(0, count).sort((a, b) => a - b));
  });
});
