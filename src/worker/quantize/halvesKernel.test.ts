import { expect, test } from 'vitest';
import { floatToHalf } from '../checkpoint/dtype';
import { HalvesKernel } from './halvesKernel';

const floats = new Float32Array(Uint32Array.from({ length: 2 ** 16 }, (_, bits) => bits << 16).buffer);
const kernel = new HalvesKernel();

test('every bfloat16 number that float16 has room for, or rounds, becomes what the general function gives', () => {
  const bits = Uint16Array.from({ length: 2 ** 16 }, (_, i) => i);
  kernel.reserve(bits.length, bits.length);
  const { notFinite, overflowed, vanished } = kernel.transpose(bits, { columns: 8, stride: 2 ** 13, at: 0 });
  const halves = kernel.target(bits.length);
  const finite = [...bits].filter((i) => Number.isFinite(floats[i]));
  for (const i of finite)
    if (halves[(i % 8) * 2 ** 13 + (i >> 3)] !== floatToHalf(floats[i]!)) expect(floats[i]).toBe('right');
  expect(notFinite).toBe(2 ** 16 - finite.length);
  expect(overflowed).toBe(finite.filter((i) => (floatToHalf(floats[i]!) & 0x7fff) === 0x7c00).length);
  expect(vanished).toBe(finite.filter((i) => floats[i] !== 0 && (floatToHalf(floats[i]!) & 0x7fff) === 0).length);
});

test.each([
  [8, 8],
  [16, 40],
  [72, 8],
  [64, 1000],
])('%i rows of %i columns, in two parts, become columns', (rows, columns) => {
  const source = Uint16Array.from({ length: rows * columns }, (_, i) => 0x3880 + (i % 0x0f00));
  kernel.reserve(source.length, source.length);
  const upper = Math.ceil(rows / 16) * 8;
  kernel.transpose(source.subarray(0, upper * columns), { columns, stride: rows, at: 0 });
  kernel.transpose(source.subarray(upper * columns), { columns, stride: rows, at: upper });
  const expected = new Uint16Array(rows * columns);
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++)
      expected[column * rows + row] = floatToHalf(floats[source[row * columns + column]!]!);
  expect(kernel.target(source.length)).toEqual(expected);
});

test('numbers are counted as lost once, with their neighbours left as they are', () => {
  const source = new Uint16Array(64).fill(0x3f80);
  source.set([0x7f80, 0xffc0, 0x4780, 0xc780, 0x0001, 0x8001, 0x0000, 0x8000]);
  kernel.reserve(64, 64);
  const lost = kernel.transpose(source, { columns: 8, stride: 8, at: 0 });
  expect(lost).toEqual({ notFinite: 2, overflowed: 2, vanished: 2 });
  expect(kernel.target(64).filter((half) => half === 0x3c00)).toHaveLength(56);
});
