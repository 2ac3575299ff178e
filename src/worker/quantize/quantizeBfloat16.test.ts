import { describe, expect, test } from 'vitest';
import { toFloat32 } from '../checkpoint/dtype';
import { seededRandom } from '../sampling/seededRandom';
import { blockwiseBfloat16, nf4Bfloat16, type Bfloat16Format } from './bfloat16Format';
import { blockwiseFormats, quantizeBlockwise } from './blockwise';
import { quantizeNf4 } from './nf4';
import { quantizeBfloat16 } from './quantizeBfloat16';

const floatsOf = (bits: Uint16Array) =>
  toFloat32(new Uint8Array(bits.buffer, bits.byteOffset, bits.byteLength), 'BF16');

function quantize(bits: Uint16Array, format: Bfloat16Format) {
  const codes = new Uint8Array((bits.length * format.bits) / 8);
  const scales = new Float32Array(bits.length / format.blockSize);
  quantizeBfloat16(bits, format, { codes, scales });
  return { codes, scales };
}

const formats: [string, Bfloat16Format, (bits: Uint16Array) => { codes: Uint8Array; scales: Float32Array }][] = [
  ...Object.values(blockwiseFormats)
    .flatMap(({ int8, int4 }) => [int8, int4])
    .map((format): (typeof formats)[number] => [
      `int${format.bits} in blocks of ${format.blockSize}`,
      blockwiseBfloat16(format),
      (bits) => quantizeBlockwise(floatsOf(bits), bits.length, format),
    ]),
  [
    'nf4',
    nf4Bfloat16(),
    (bits) => {
      const { codes, absmax } = quantizeNf4(floatsOf(bits));
      return { codes, scales: absmax };
    },
  ],
];

const random = seededRandom(7);
const randomBits = (length: number, draw: () => number) => Uint16Array.from({ length }, draw);
const finite = () => Math.floor(random() * 0x7f80) | (random() < 0.5 ? 0x8000 : 0);

const kinds: [string, Uint16Array][] = [
  // The upper halves of float32 numbers drawn as weights are.
  [
    'weights of a model',
    new Uint16Array(Float32Array.from({ length: 1 << 16 }, () => random() + random() + random() - 1.5).buffer).filter(
      (_, i) => i % 2 === 1,
    ),
  ],
  ['numbers of any magnitude', randomBits(1 << 16, finite)],
  ['numbers of nearly one magnitude', randomBits(1 << 16, () => (finite() & 0x80ff) | 0x3f00)],
  ['the smallest numbers', randomBits(1 << 14, () => finite() & 0x93ff)],
  ['numbers around the edge of the table', randomBits(1 << 14, () => (finite() & 0x80ff) | 0x0f80)],
  ['zeros of both signs', randomBits(1 << 10, () => finite() & 0x8000)],
  ['more numbers than the module takes at once', randomBits(3 * (1 << 16) + 128, finite)],
  ['the largest numbers', randomBits(1 << 14, () => finite() | 0x7f00)],
  ...[32, 127, 254].flatMap((exponent) =>
    ([0, 0x8000] as const).map((sign): [string, Uint16Array] => [
      `all ratios to ${sign ? 'negative ' : ''}numbers of exponent ${exponent}`,
      everyRatio(exponent, sign),
    ]),
  ),
];

/** Every largest number of an exponent, each with all the numbers next to it, of both signs, that are not as good as zero.
 *  In blocks of 32: the largest and 31 others. */
function everyRatio(exponent: number, sign: 0 | 0x8000): Uint16Array {
  const numbers: number[] = [];
  for (let fraction = 0; fraction < 128; fraction++) {
    const largest = (exponent << 7) | fraction;
    for (let i = 0; i < 84 * 31; i++) {
      if (i % 31 === 0) numbers.push(largest | sign);
      numbers.push((largest - (i >> 1)) | (i % 2 ? 0x8000 : 0));
    }
  }
  return Uint16Array.from(numbers);
}

const isNumber = (bits: number) => (bits & 0x7f80) !== 0x7f80;

describe.each(formats)('%s', (_, format, general) => {
  test.each(kinds)('%s give the codes and scales of the general function', (_, bits) => {
    const clean = bits.map((value) => (isNumber(value) ? value : value & 0xff7f));
    const fast = quantize(clean, format);
    const expected = general(clean);
    expect(Buffer.compare(fast.codes, expected.codes)).toBe(0);
    expect(fast.scales).toEqual(expected.scales);
  });

  test.each([0x7f80, 0xff80, 0x7fc0])('a block with %i, which is no number, has a scale that is none', (bits) => {
    const values = new Uint16Array(3 * 64).fill(0x3f80);
    values[70] = bits;
    const { scales } = quantize(values, format);
    expect([...scales].map(Number.isFinite)).toEqual(
      [...scales].map((_, block) => Math.floor(70 / format.blockSize) !== block),
    );
  });

  test('of any bits at all, blocks of numbers are quantized as alone, and the scales of the others are NaN', () => {
    // Every third block, by the longest blocks, has no exponent of ones.
    const any = randomBits(3 * (1 << 15), () => Math.floor(random() * 0x10000)).map((value, i) =>
      Math.floor(i / 128) % 3 || isNumber(value) ? value : value & 0xbfff,
    );
    const { codes, scales } = quantize(any, format);
    for (let block = 0; block < scales.length; block++) {
      const bits = any.slice(block * format.blockSize, (block + 1) * format.blockSize);
      if (!bits.every(isNumber)) {
        expect(scales[block]).toBeNaN();
        continue;
      }
      const alone = general(bits);
      expect(scales[block]).toBe(alone.scales[0]);
      const bytes = codes.subarray(block * alone.codes.length, (block + 1) * alone.codes.length);
      expect(Buffer.compare(bytes, alone.codes)).toBe(0);
    }
  });
});
