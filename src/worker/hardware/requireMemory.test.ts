import { expect, test } from 'vitest';
import type { AppError } from '../../shared/appError';
import { rankVerdicts, type Situation, type Way } from './rankVerdicts';
import { requireMemory } from './requireMemory';
import { situation } from './situation.test-support';

const gibibyte = 2 ** 30;
const int8: Way = { precision: 'int8', device: 'cpu' };
/** Of Qwen-7B in Int8 on a CPU: see rankVerdicts.test.ts. */
const int8Peak = 9_095_930_368;
const free = (bytes: number, more: Partial<Situation> = {}): Situation =>
  situation({ ram: { total: 64 * gibibyte, free: bytes }, ...more });

function refusalOf(way: Way, facts: Situation): AppError | null {
  try {
    requireMemory(way, facts);
    return null;
  } catch (error) {
    return error as AppError;
  }
}

test('what is shown as too large is refused, and what is shown as running is not, whatever is free', () => {
  for (let bytes = gibibyte; bytes < 48 * gibibyte; bytes += gibibyte / 2)
    for (const verdict of rankVerdicts(free(bytes)).filter(({ device }) => device === 'cpu'))
      expect(refusalOf(verdict, free(bytes)) === null, JSON.stringify(verdict)).toBe(verdict.verdict !== 'wontRun');
});

test('the weights alone are not all it takes', () => {
  // 1.09375 · 7,098,335,232 bytes of weights, and 1.3 GB for keys, values and computing.
  expect(refusalOf(int8, free(8.5e9))).toMatchObject({
    ...{ code: 'session.outOfMemory', params: { precision: 'int8', device: 'cpu', neededGb: '8.5', freeGb: '7.9' } },
  });
  expect(refusalOf(int8, free(int8Peak - 1))).not.toBeNull();
  expect(refusalOf(int8, free(int8Peak))).toBeNull();
});

test('what was measured here counts instead of the estimate', () => {
  const measured = { ...int8, contextLength: 2048, peakBytes: 9e9 };
  expect(refusalOf(int8, free(9.5e9, { measurements: [measured] }))).toBeNull();
  expect(refusalOf(int8, free(int8Peak, { measurements: [{ ...measured, peakBytes: 11e9 }] }))).not.toBeNull();
});

test('a GPU is left to its driver', () => {
  expect(refusalOf({ precision: 'bf16', device: 'gpu' }, free(0))).toBeNull();
});
