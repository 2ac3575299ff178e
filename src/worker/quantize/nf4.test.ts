import { expect, test } from 'vitest';
import { nf4Levels, quantizeNf4 } from './nf4';

// w[i] = float32(sin(0.7 i + 0.3) * (1 + i mod 5) * 0.01); the bytes are those of bitsandbytes' formula for this vector.
const checkVector = Float32Array.from({ length: 64 }, (_, i) => Math.sin(0.7 * i + 0.3) * (1 + (i % 5)) * 0.01);

test('the check vector gives the bytes that bitsandbytes gives', () => {
  const { codes, absmax } = quantizeNf4(checkVector);
  expect(Buffer.from(codes).toString('hex')).toBe('8bdd86324b9cc71535af9a72055aef9731069ded742148bdc76324c9cb61545b');
  expect(absmax).toEqual(Float32Array.of(0.0492032506));
});

test('levels themselves keep their codes, whatever the scale', () => {
  const weights = Float32Array.from({ length: 64 }, (_, i) => 3 * nf4Levels[i % 16]!);
  const { codes, absmax } = quantizeNf4(weights);
  expect(Buffer.from(codes).toString('hex')).toBe('0123456789abcdef'.repeat(4));
  expect([...absmax]).toEqual([3]);
});

test('a block of zeros is code 7 with absmax 0', () => {
  const { codes, absmax } = quantizeNf4(new Float32Array(64));
  expect(new Set(codes)).toEqual(new Set([0x77]));
  expect([...absmax]).toEqual([0]);
});

test('a value equal to a threshold keeps the lower code', () => {
  // thresholds 8 and 9 of kernels.cu, with absmax 1 in the block
  const { codes } = quantizeNf4(Float32Array.of(1, 0.03979014977812767, 0.1202552504837513, -1));
  expect([...codes]).toEqual([0xf7, 0x80]);
});

test('a last block that is not full has its own absmax', () => {
  const weights = new Float32Array(66).fill(0.5);
  weights[65] = -2;
  const { absmax } = quantizeNf4(weights);
  expect([...absmax]).toEqual([0.5, 2]);
});
