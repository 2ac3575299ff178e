import { describe, expect, test } from 'vitest';
import { maskFrom, repetitionPenalty, type LogitsProcessor } from './logitsProcessors';

const processed = (processor: LogitsProcessor, logits: number[], ids: number[] = []) => {
  const array = Float32Array.from(logits);
  processor(array, ids);
  return [...array];
};

test('masking rules out an id and all after it', () => {
  expect(processed(maskFrom(2), [1, 2, 3, 4])).toEqual([1, 2, -Infinity, -Infinity]);
});

describe('the repetition penalty', () => {
  test('divides what is above zero and multiplies what is below, once for each id', () => {
    // RepetitionPenaltyLogitsProcessor in Hugging Face's logits_process.py
    expect(processed(repetitionPenalty(2), [3, -3, 0, 3, -3], [0, 1, 0, 2, 0])).toEqual([1.5, -6, 0, 3, -3]);
  });

  test('keeps ruled-out tokens ruled out', () => {
    expect(processed(repetitionPenalty(1.1), [-Infinity], [0])).toEqual([-Infinity]);
  });

  test('looks at the ids of each step anew', () => {
    const penalty = repetitionPenalty(2);
    expect(processed(penalty, [4, 4], [0])).toEqual([2, 4]);
    expect(processed(penalty, [4, 4], [0, 1])).toEqual([2, 2]);
    expect(processed(penalty, [4, 4], [1])).toEqual([4, 2]);
  });
});
