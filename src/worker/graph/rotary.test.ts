import { expect, test } from 'vitest';
import type { QwenConfig } from '../checkpoint/qwenConfig';
import { ntkAlpha, ntkAlphas, queryScale, rotaryTables } from './rotary';

const config: QwenConfig = {
  layers: 32,
  hiddenSize: 4096,
  heads: 32,
  headSize: 128,
  feedForwardSize: 11008,
  vocabularySize: 151936,
  sequenceLength: 8192,
  maxPositions: 32768,
  rotaryBase: 10000,
  normEpsilon: 1e-6,
  usesDynamicNtk: true,
  usesLogn: true,
};

test('alpha doubles its range at each power of two of the training length', () => {
  // The table of Qwen's get_ntk_alpha for seq_length 8192.
  const at = (length: number) => ntkAlpha(config, length);
  expect([1, 8192, 8193, 16384, 16385, 32768, 32769, 65536].map(at)).toEqual([1, 1, 3, 3, 7, 7, 15, 15]);
});

test('the alphas within a context', () => {
  expect(ntkAlphas(config, 8192)).toEqual([1]);
  expect(ntkAlphas(config, 8193)).toEqual([1, 3]);
  expect(ntkAlphas(config, 32767)).toEqual([1, 3, 7]);
  expect(ntkAlphas({ ...config, sequenceLength: 512 }, 2048)).toEqual([1, 3, 7]);
  expect(ntkAlphas({ ...config, usesDynamicNtk: false }, 32767)).toEqual([1]);
});

test.each([
  // alpha, inverse frequencies 0, 1, 2, 31, 32, 63
  [1, [1, 0.865964323, 0.749894209, 0.0115478198, 0.01, 0.000115478198]],
  [3, [1, 0.850994291, 0.724191284, 0.0067255228, 0.00572338151, 3.84927328e-5]],
  [7, [1, 0.839625743, 0.704971388, 0.00443259556, 0.00372172134, 1.64968855e-5]],
])('rotation angles for alpha %i', (alpha, frequencies) => {
  const { cos, sin } = rotaryTables(config, alpha, { start: 1, count: 1 });
  const angles = [0, 1, 2, 31, 32, 63].map((i) => Math.atan2(sin[i]!, cos[i]!));
  angles.forEach((angle, i) => expect(angle).toBeCloseTo(frequencies[i]!, 6));
});

test('rows of a table start at the position asked for', () => {
  const whole = rotaryTables(config, 3, { start: 0, count: 5 });
  const tail = rotaryTables(config, 3, { start: 3, count: 2 });
  expect(tail.cos).toEqual(whole.cos.slice(3 * 64));
  expect(tail.sin).toEqual(whole.sin.slice(3 * 64));
});

test('log-n scales queries beyond the training length', () => {
  // Values of modeling_qwen.py's logn table.
  expect(queryScale(config, 8191)).toBe(1);
  expect(queryScale(config, 8192)).toBeCloseTo(1.000013546, 9);
  expect(queryScale(config, 16383)).toBeCloseTo(1.076923077, 9);
  expect(queryScale({ ...config, sequenceLength: 2048 }, 4095)).toBeCloseTo(1.090909091, 9);
  expect(queryScale({ ...config, usesLogn: false }, 16383)).toBe(1);
});
