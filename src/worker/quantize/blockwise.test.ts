import { expect, test } from 'vitest';
import { blockwiseFormats, quantizeBlockwise } from './blockwise';

// The first 32 of w[i] = float32(sin(0.7 i + 0.3) * (1 + i mod 5) * 0.01); codes worked out from MLAS' symmetric formula.
const checkVector = Float32Array.from({ length: 32 }, (_, i) => Math.sin(0.7 * i + 0.3) * (1 + (i % 5)) * 0.01);

test('4 bits: the check vector', () => {
  const { codes, scales } = quantizeBlockwise(checkVector, 32, blockwiseFormats.float16.int4);
  expect(Buffer.from(codes).toString('hex')).toBe('b8cd7845b6b98b6365faaa4870a7fe89');
  expect(scales[0]).toBeCloseTo(0.00615040632, 10);
});

test('8 bits: the check vector', () => {
  const { codes, scales } = quantizeBlockwise(checkVector, 32, blockwiseFormats.float16.int8);
  expect([...codes]).toEqual([
    136, 172, 205, 198, 133, 112, 77, 59, 89, 169, 150, 179, 180, 131, 47, 102, 82, 100, 162, 240, 154, 162, 129, 62, 0,
    105, 110, 155, 218, 255, 145, 128,
  ]);
  expect(scales[0]).toBeCloseTo(0.000384400395, 10);
});

test('the extreme of a block gets code 0, whatever its sign; on a tie the negative one', () => {
  const codesOf = (...weights: number[]) =>
    quantizeBlockwise(Float32Array.from(weights), 2, blockwiseFormats.float32.int8).codes.slice(0, 2);
  expect([...codesOf(1, -0.5)]).toEqual([0, 192]);
  expect([...codesOf(-1, 0.5)]).toEqual([0, 192]);
  expect([...codesOf(1, -1)]).toEqual([255, 0]);
});

test('each row has its own blocks, and a short last block is padded with zeros', () => {
  const weights = new Float32Array(2 * 40).fill(1);
  weights.fill(-4, 40);
  const { codes, scales } = quantizeBlockwise(weights, 40, blockwiseFormats.float16.int4);
  expect([...scales]).toEqual([-0.125, -0.125, 0.5, 0.5]);
  expect(codes.length).toBe(2 * 2 * 16);
  expect(Buffer.from(codes.subarray(0, 32)).toString('hex')).toBe('00'.repeat(20) + '88'.repeat(12));
});

test('a block of zeros has scale 0 and the codes of zero', () => {
  const { codes, scales } = quantizeBlockwise(new Float32Array(32), 32, blockwiseFormats.float16.int4);
  expect(scales[0]).toBe(-0);
  expect(new Set(codes)).toEqual(new Set([0x88]));
});
