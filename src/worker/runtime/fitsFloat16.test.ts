import { expect, test } from 'vitest';
import { fitsFloat16 } from './fitsFloat16';

// Bits of IEEE 754 binary16: 0x7bff is 65504, the largest number; 0x7c00 is infinity, 0x7e00 NaN, 0x8000 the sign.
const numbers = [0, 0x8000, 0x0001, 0x83ff, 0x3c00, 0xbc00, 0x7bff, 0xfbff];

test('all finite numbers fit', () => {
  expect(fitsFloat16(Uint16Array.from({ length: 0x7c00 }, (_, i) => i))).toBe(true);
  expect(fitsFloat16(Uint16Array.from({ length: 0x7c00 }, (_, i) => i + 0x8000))).toBe(true);
});

test.each([0x7c00, 0xfc00, 0x7e00, 0xffff])('%i among them does not, wherever it is', (wrong) => {
  for (const place of numbers.keys()) expect(fitsFloat16(Uint16Array.from(numbers.with(place, wrong)))).toBe(false);
});
