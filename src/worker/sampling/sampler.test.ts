import { describe, expect, test } from 'vitest';
import { greedy, multinomial } from './sampler';
import { seededRandom } from './seededRandom';

describe('greedy', () => {
  test('takes the highest logit', () => {
    expect(greedy(Float32Array.of(-3, -1, -2))).toBe(1);
    expect(greedy(Float32Array.of(-Infinity, -Infinity, -9))).toBe(2);
  });

  test('takes the lowest id of equals', () => {
    expect(greedy(Float32Array.of(0, 5, 5, 5))).toBe(1);
  });
});

describe('multinomial', () => {
  const logits = Float32Array.from([0.2, 0, 0.5, 0.3], Math.log);

  test('draws each token as often as its probability says', () => {
    const sample = multinomial(seededRandom(2024));
    const counts = [0, 0, 0, 0];
    for (let draw = 0; draw < 100_000; draw++) counts[sample(logits)]!++;
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
    expect(multinomial(() => random)(logits)).toBe(id);
  });

  test('never draws a token that is ruled out, not even for lack of others', () => {
    expect(multinomial(() => 1 - 2 ** -32)(Float32Array.of(-Infinity, 3, -Infinity))).toBe(1);
    expect(multinomial(() => 0)(Float32Array.of(-Infinity, 3, -Infinity))).toBe(1);
  });
});
