import { expect, test } from 'vitest';
import { createNextToken } from './createNextToken';
import { resolveSampling, type ResolvedSampling } from './resolveSampling';

const plain: ResolvedSampling = {
  greedy: false,
  seed: 1,
  maxNewTokens: 16,
  temperature: 1,
  topP: 1,
  topK: 0,
  repetitionPenalty: 1,
};
const draw = (options: Partial<ResolvedSampling>, logits: number[], ids: number[] = []) => {
  const next = createNextToken({ ...plain, ...options, firstUnusedId: 4 });
  return Array.from({ length: 200 }, () => next(Float32Array.from(logits), ids));
};
const drawn = (...args: Parameters<typeof draw>) => [...new Set(draw(...args))].sort();

test('without options every token can come, but none beyond the last one used', () => {
  expect(drawn({}, [1, 1, 1, 1, 9, 9])).toEqual([0, 1, 2, 3]);
});

test('greedy takes the best, after the repetition penalty', () => {
  expect(drawn({ greedy: true, topK: 3, temperature: 9 }, [1, 4, 3, 2, 9])).toEqual([1]);
  expect(drawn({ greedy: true, repetitionPenalty: 2 }, [1, 4, 3, 2, 9], [1])).toEqual([2]);
});

test('the temperature comes before top-p', () => {
  // Probabilities 0.6, 0.3, 0.1: at a temperature of 0.5 their squares count, 0.36, 0.09, 0.01 of 0.46, and the first has 78 %.
  const logits = [0.6, 0.3, 0.1, 0].map(Math.log);
  expect(drawn({ topP: 0.7 }, logits)).toEqual([0, 1]);
  expect(drawn({ topP: 0.7, temperature: 0.5 }, logits)).toEqual([0]);
});

test('top-p counts what top-k has left', () => {
  // 0.4, 0.3, 0.2, 0.1: of the best two, the first has 57 %.
  const logits = [0.4, 0.3, 0.2, 0.1].map(Math.log);
  expect(drawn({ topP: 0.55 }, logits)).toEqual([0, 1]);
  expect(drawn({ topP: 0.55, topK: 2 }, logits)).toEqual([0]);
});

test('a seed gives the same tokens each time, another seed others', () => {
  const logits = [1, 1, 1, 1];
  expect(draw({ seed: 5 }, logits)).toEqual(draw({ seed: 5 }, logits));
  expect(draw({ seed: 6 }, logits)).not.toEqual(draw({ seed: 5 }, logits));
});

test('options left open follow the model', () => {
  const config = {
    doSample: true,
    temperature: 1,
    topP: 0.8,
    topK: 0,
    repetitionPenalty: 1.1,
    maxNewTokens: 512,
    maxWindowSize: 6144,
  };
  const { seed, ...rest } = resolveSampling({ topP: 0.5 }, config);
  expect(rest).toEqual({
    greedy: false,
    maxNewTokens: 512,
    temperature: 1,
    topP: 0.5,
    topK: 0,
    repetitionPenalty: 1.1,
  });
  expect(seed).toBeGreaterThanOrEqual(0);
  expect(seed).toBeLessThan(2 ** 32);
  expect(resolveSampling({}, { ...config, doSample: false }).greedy).toBe(true);
});
