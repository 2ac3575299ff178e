import { expect, test } from 'vitest';
import { floatToHalf, halfToFloat, toFloat16, toFloat32 } from './dtype';

test('bfloat16 is read as the upper half of a float32', () => {
  // 1.0 = 0x3f80, -2.5 = 0xc020, 3.140625 = 0x4049 (bfloat16 of pi)
  expect([...toFloat32(Uint8Array.of(0x80, 0x3f, 0x20, 0xc0, 0x49, 0x40), 'BF16')]).toEqual([1, -2.5, 3.140625]);
});

test('bytes that start at an odd address are read too', () => {
  const bytes = Uint8Array.of(0, 0x80, 0x3f, 0, 0, 0x80, 0x3f).subarray(1);
  expect([...toFloat32(bytes.subarray(0, 2), 'BF16')]).toEqual([1]);
  expect([...toFloat32(bytes.subarray(2, 6), 'F32')]).toEqual([1]);
});

test.each([
  // value, binary16 bits: worked by hand from IEEE 754
  [0, 0x0000],
  [-0, 0x8000],
  [1, 0x3c00],
  [-2, 0xc000],
  [65504, 0x7bff], // largest finite
  [65519.99, 0x7bff], // below the midpoint to infinity
  [65520, 0x7c00], // the midpoint rounds to infinity
  [1e9, 0x7c00],
  [-Infinity, 0xfc00],
  [2 ** -14, 0x0400], // smallest normal
  [2 ** -24, 0x0001], // smallest subnormal
  [2 ** -25, 0x0000], // a tie: to even, zero
  [3 * 2 ** -25, 0x0002], // a tie: to even
  [1 + 2 ** -11, 0x3c00], // a tie: to even
  [1 + 3 * 2 ** -11, 0x3c02],
  [1 + 2 ** -10, 0x3c01],
  [0.1, 0x2e66],
])('%f is stored as binary16 %i', (value, bits) => {
  expect(floatToHalf(value)).toBe(bits);
});

test('every binary16 value survives the way to float and back', () => {
  for (let half = 0; half < 0x1_0000; half++) {
    const value = halfToFloat(half);
    if (Number.isNaN(value)) expect(halfToFloat(floatToHalf(value))).toBeNaN();
    else expect(floatToHalf(value)).toBe(half);
  }
});

test('arrays convert element by element', () => {
  expect([...toFloat16(Float32Array.of(1, -2, 0.1))]).toEqual([0x3c00, 0xc000, 0x2e66]);
  expect([...toFloat32(Uint8Array.of(0x00, 0x3c, 0x00, 0xc0), 'F16')]).toEqual([1, -2]);
});
