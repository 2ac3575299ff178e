import { describe, expect, test } from 'vitest';
import { LogitsKernel } from './logitsKernel';
import { seededRandom } from './seededRandom';

const kernel = new LogitsKernel();
const load = (logits: ArrayLike<number>) => {
  kernel.load(Float32Array.from(logits));
  return kernel;
};

/** Lengths around those of blocks, and more than the memory of the one before. */
const lengths = [1, 3, 16, 63, 64, 65, 1000, 151_936];
const random = seededRandom(3);
const someLogits = (length: number) => Float32Array.from({ length }, () => 60 * random() - 45);

test.each(lengths)('finds the highest of %d logits, wherever it is', (length) => {
  for (const at of [0, length >> 1, length - 1]) {
    const logits = someLogits(length);
    logits[at] = 15.5;
    expect(load(logits).best).toBe(15.5);
  }
  expect(load(new Float32Array(length).fill(-1e30)).best).toBe(Math.fround(-1e30));
});

test('the logits of the step before are forgotten', () => {
  load([9, 9, 9, 9]);
  expect(load([1, 2]).best).toBe(2);
  expect([...kernel.within(Infinity)]).toEqual([0, 1]);
  expect(kernel.weigh().total).toBeCloseTo(1 + Math.exp(-1), 7);
});

describe('weights', () => {
  test('are e^(logit - best), and their sums are of 64 each', () => {
    const logits = someLogits(1000);
    const { total, sums } = load(logits).weigh();
    const best = logits.reduce((a, b) => Math.max(a, b));
    const expected = Array.from(logits, (logit) => (best - logit < 40 ? Math.exp(logit - best) : 0));
    for (const [block, sum] of sums.entries()) {
      const plain = expected.slice(64 * block, 64 * (block + 1)).reduce((a, b) => a + b);
      expect(Math.abs(sum / plain - 1)).toBeLessThan(1e-8);
    }
    expect(sums).toHaveLength(16);
    expect(total).toBeCloseTo(
      sums.reduce((a, b) => a + b),
      12,
    );
    const ids = Uint32Array.of(0, 7, 999);
    for (const [i, weight] of kernel.weights(ids).entries())
      expect(Math.abs(weight - expected[ids[i]!]!)).toBeLessThanOrEqual(3e-9 * expected[ids[i]!]!);
  });

  test('are within 1e-8 of their value at every distance', () => {
    for (let gap = 0; gap < 40; gap += 0.0137) {
      const logit = Math.fround(-gap);
      const weight = load([0, logit]).weigh().total - 1;
      // 1 + weight keeps 53 bits in all
      expect(Math.abs(weight - Math.exp(logit))).toBeLessThan(1e-8 * Math.exp(logit) + 2 ** -52);
    }
  });

  test('are 0 from a distance of 40 on', () => {
    expect([...load([0, ...new Array<number>(63).fill(-40), -1e30, -Infinity]).weigh().sums]).toEqual([1, 0]);
  });
});

describe('tokens within a distance of the best', () => {
  test.each(lengths)('are all of %d that a plain loop finds', (length) => {
    const logits = someLogits(length);
    load(logits);
    for (const gap of [0, 1, 20, 100]) {
      const floor = Math.fround(kernel.best - gap);
      expect([...kernel.within(gap)]).toEqual([...logits.keys()].filter((id) => logits[id]! >= floor));
    }
  });

  test('are never ruled out', () => {
    expect([...load([-3e38, -Infinity, 3e38, -Infinity]).within(Infinity)]).toEqual([0, 2]);
  });
});

describe('the temperature', () => {
  const tempered = (temperature: number, logits: number[]) => {
    load(logits).temper(temperature);
    expect(kernel.best).toBe(0);
    return [...kernel.logits.subarray(0, logits.length)];
  };

  test('divides the distance from the best logit', () => {
    expect(tempered(0.5, [1, 3, -Infinity])).toEqual([-4, 0, -Infinity]);
    expect(tempered(2, [1, 3])).toEqual([-1, 0]);
  });

  test('rounds once', () => {
    const logits = someLogits(100);
    const best = logits.reduce((a, b) => Math.max(a, b));
    expect(tempered(0.7, [...logits])).toEqual(Array.from(logits, (logit) => Math.fround((logit - best) / 0.7)));
  });

  test('may be as small as a number gets', () => {
    expect(tempered(Number.MIN_VALUE, [1, 3, 3])).toEqual([-Infinity, 0, 0]);
  });
});
