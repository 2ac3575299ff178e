import { describe, expect, test } from 'vitest';
import { createNextToken } from './createNextToken';
import { LogitsKernel } from './logitsKernel';
import { resolveSampling, type ResolvedSampling } from './resolveSampling';
import { seededRandom } from './seededRandom';

const kernel = new LogitsKernel();

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
  const next = createNextToken({ ...plain, ...options, firstUnusedId: 4, kernel });
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

describe('among many tokens', () => {
  const vocabularySize = 2000;
  const firstUnusedId = 1990;

  /** Hugging Face's processors in their order, with sorting and Math.exp; then the token that `random` falls on, in the order of ids. */
  function chooseByDefinition(logits: Float32Array, { options, ids, random }: Step): number {
    const { temperature, topK, topP, repetitionPenalty } = options;
    const scores = logits.slice().fill(-Infinity, firstUnusedId);
    for (const id of new Set(ids))
      scores[id] = scores[id]! > 0 ? scores[id]! / repetitionPenalty : scores[id]! * repetitionPenalty;
    const best = scores.reduce((a, b) => Math.max(a, b));
    if (temperature !== 1) for (const id of scores.keys()) scores[id] = (scores[id]! - best) / temperature;
    const weight = (id: number) => Math.exp(scores[id]! - (temperature === 1 ? best : 0));
    const massOf = (some: readonly number[]) => some.reduce((sum, id) => sum + weight(id), 0);
    let left = [...scores.keys()].sort((a, b) => scores[b]! - scores[a]! || a - b);
    if (topK > 0) left = left.filter((id) => scores[id]! >= scores[left[topK - 1]!]!);
    let mass = topP * massOf(left);
    left = left.slice(0, 1 + left.findIndex((id) => (mass -= weight(id)) <= 0) || undefined);
    left.sort((a, b) => a - b);
    let rest = random * massOf(left);
    return left.find((id) => (rest -= weight(id)) < 0)!;
  }
  type Step = { options: ResolvedSampling; ids: number[]; random: number };

  test.each<Partial<ResolvedSampling>>([
    {},
    { topP: 0.8, repetitionPenalty: 1.1 },
    { topP: 0.999 },
    { topP: 0.5, temperature: 1.7 },
    { topK: 50, temperature: 0.6 },
    { topK: 200, topP: 0.9, temperature: 3, repetitionPenalty: 1.3 },
  ])('%o draws what the definition says', (some) => {
    const options = { ...plain, ...some, seed: 11 };
    const next = createNextToken({ ...options, firstUnusedId, kernel });
    const randoms = seededRandom(options.seed);
    const noise = seededRandom(12);
    const ids: number[] = [];
    for (let step = 0; step < 100; step++) {
      const spread = 1 + 6 * noise();
      const logits = Float32Array.from({ length: vocabularySize }, () => spread * (noise() + noise() + noise() - 1.5));
      const expected = chooseByDefinition(logits, { options, ids, random: randoms() });
      expect(next(logits, ids)).toBe(expected);
      ids.push(expected, Math.floor(noise() * vocabularySize));
    }
  });
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
