import { describe, expect, test } from 'vitest';
import { LogitsKernel } from './logitsKernel';
import { seededRandom } from './seededRandom';
import { topK, topP } from './topFilters';

const kernel = new LogitsKernel();
const load = (logits: readonly number[]) => {
  kernel.load(Float32Array.from(logits));
  return kernel;
};
const highest = (k: number, logits: readonly number[]) => [...topK(load(logits), k)];
const nucleus = (p: number, logits: readonly number[], from?: readonly number[]) => [
  ...topP(load(logits), p, from && Uint32Array.from(from)),
];
const logitsOf = (probabilities: number[]) => probabilities.map(Math.log);

describe('top-k', () => {
  test('leaves the k highest', () => {
    expect(highest(2, [1, 4, 2, 3])).toEqual([1, 3]);
    expect(highest(1, [-1e9, -5, -1e20])).toEqual([1]);
  });

  test('leaves what equals the last of them, as Hugging Face does', () => {
    expect(highest(2, [1, 3, 4, 3, 3])).toEqual([1, 2, 3, 4]);
  });

  test('leaves all where there are fewer', () => {
    expect(highest(5, [1, 2, -Infinity])).toEqual([0, 1]);
    expect(highest(2, [1, 2])).toEqual([0, 1]);
  });

  test('finds the place in a wide distribution', () => {
    expect(highest(3, [0, -100, -200, -300.5, -300])).toEqual([0, 1, 2]);
    expect(highest(4, [0, -100, -200, -300.5, -300])).toEqual([0, 1, 2, 4]);
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
    expect(nucleus(p, logitsOf(probabilities))).toEqual(ids);
  });

  test('leaves the lower ids of equals', () => {
    expect(nucleus(0.5, [2, 2, 2, 2])).toEqual([0, 1]);
  });

  test('counts the tokens before it alone', () => {
    // Of 0.5 and 0.3, which share all that is left, 0.5 is 62.5 %.
    expect(nucleus(0.6, logitsOf([0.5, 0, 0.3]))).toEqual([0]);
    expect(nucleus(0.65, logitsOf([0.5, 0, 0.3]))).toEqual([0, 2]);
  });

  test('counts what it is to look among alone, and leaves nothing else', () => {
    // Of 0.4 and 0.3 alone, 0.4 is 57 %.
    expect(nucleus(0.55, logitsOf([0.4, 0.3, 0.2, 0.1]), [0, 1])).toEqual([0]);
    expect(nucleus(0.58, logitsOf([0.4, 0.3, 0.2, 0.1]), [0, 1])).toEqual([0, 1]);
  });

  test('leaves nearly all where all are nearly as likely', () => {
    const logits = Array.from({ length: 1000 }, (_, id) => id / 1e6);
    expect(nucleus(0.9985, logits)).toEqual(Array.from({ length: 999 }, (_, id) => id + 1));
  });

  test.each([0.3, 0.8, 0.95, 0.999])('%d leaves what sorting all of a large vocabulary would leave', (p) => {
    const random = seededRandom(7);
    const logits = Float32Array.from({ length: 20_000 }, () => 4 * Math.sqrt(-2 * Math.log(1 - random())) - 3);
    const order = [...logits.keys()].sort((a, b) => logits[b]! - logits[a]!);
    const total = order.reduce((sum, id) => sum + Math.exp(logits[id]!), 0);
    let sum = 0;
    const count = 1 + order.findIndex((id) => (sum += Math.exp(logits[id]!)) >= p * total);
    expect(nucleus(p, [...logits])).toEqual(order.slice(0, count).sort((a, b) => a - b));
  });
});
