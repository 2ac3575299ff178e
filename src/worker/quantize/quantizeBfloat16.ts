import { toFloat32 } from '../checkpoint/dtype';
import { distances, smallestTabled, type Bfloat16Format } from './bfloat16Format';

type Quantized = {
  /** Of whole blocks, in order: a byte an element, or a byte a pair. */
  readonly codes: Uint8Array;
  /** One a block; NaN or infinite where the block holds such a number. */
  readonly scales: Float32Array;
};

const notFinite = 0x7f80;
const last = distances - 1;

/** Quantizes whole blocks of bfloat16 numbers, given as their bits, into `out`. Gives exactly what quantizeBlockwise and
 *  quantizeNf4 give for the same numbers. */
export function quantizeBfloat16(values: Uint16Array, format: Bfloat16Format, out: Quantized): void {
  if (format.bits === 8) quantizeTo8(values, format, out);
  else quantizeTo4(values, format, out);
}

// The two loops run a billion times a checkpoint. Two elements a turn and no branch but the rare one keep them fast.

function quantizeTo8(values: Uint16Array, format: Bfloat16Format, out: Quantized): void {
  const { blockSize, codes: table } = format;
  const { codes, scales } = out;
  for (let block = 0, start = 0; block < scales.length; block++, start += blockSize) {
    const key = largestKey(values, start, start + blockSize);
    const row = tableRow(key, format);
    if (row < 0) {
      quantizeRareBlock(values, block, { format, out });
      continue;
    }
    const largest = key >>> 1;
    const flip = (key & 1) << 15;
    scales[block] = scaleOf(key, format);
    for (let i = start; i < start + blockSize; i += 2) {
      const even = values[i]!;
      const odd = values[i + 1]!;
      let evenDistance = largest - (even & 0x7fff);
      let oddDistance = largest - (odd & 0x7fff);
      if (evenDistance > last) evenDistance = last;
      if (oddDistance > last) oddDistance = last;
      codes[i] = table[row + ((even ^ flip) >>> 15) * distances + evenDistance]!;
      codes[i + 1] = table[row + ((odd ^ flip) >>> 15) * distances + oddDistance]!;
    }
  }
}

function quantizeTo4(values: Uint16Array, format: Bfloat16Format, out: Quantized): void {
  const { blockSize, codes: table, evenShift, isRelative } = format;
  const { codes, scales } = out;
  const oddShift = 4 - evenShift;
  for (let block = 0, start = 0; block < scales.length; block++, start += blockSize) {
    const key = largestKey(values, start, start + blockSize);
    const row = tableRow(key, format);
    if (row < 0) {
      quantizeRareBlock(values, block, { format, out });
      continue;
    }
    const largest = key >>> 1;
    const flip = isRelative ? (key & 1) << 15 : 0;
    scales[block] = scaleOf(key, format);
    for (let i = start; i < start + blockSize; i += 2) {
      const even = values[i]!;
      const odd = values[i + 1]!;
      let evenDistance = largest - (even & 0x7fff);
      let oddDistance = largest - (odd & 0x7fff);
      if (evenDistance > last) evenDistance = last;
      if (oddDistance > last) oddDistance = last;
      codes[i >>> 1] =
        (table[row + ((even ^ flip) >>> 15) * distances + evenDistance]! << evenShift) |
        (table[row + ((odd ^ flip) >>> 15) * distances + oddDistance]! << oddShift);
    }
  }
}

/** The bits of the number of largest magnitude, with the sign moved to the end: on a tie the negative one. */
function largestKey(values: Uint16Array, start: number, end: number): number {
  let even = 0;
  let odd = 0;
  for (let i = start; i < end; i += 2) {
    const a = values[i]!;
    const b = values[i + 1]!;
    const overEven = even - (((a << 1) & 0xfffe) | (a >>> 15));
    const overOdd = odd - (((b << 1) & 0xfffe) | (b >>> 15));
    even -= overEven & (overEven >> 31); // the maximum of both, without a branch
    odd -= overOdd & (overOdd >> 31);
  }
  return even > odd ? even : odd;
}

/** Where the table's part for this largest number begins; negative where the table has none. */
function tableRow(key: number, { codes }: Bfloat16Format): number {
  const largest = key >>> 1;
  return largest < smallestTabled || largest >= notFinite ? -1 : (largest & 127) * (codes.length / 128);
}

const scratchBits = new Uint32Array(1);
const scratch = new Float32Array(scratchBits.buffer);

function scaleOf(key: number, { isRelative, scaleFactor }: Bfloat16Format): number {
  scratchBits[0] = ((key >>> 1) | (isRelative ? (key & 1) << 15 : 0)) << 16;
  return scratch[0]! * scaleFactor;
}

type Rare = { format: Bfloat16Format; out: Quantized };

/** Zeros, numbers next to zero, and what is no number. */
function quantizeRareBlock(values: Uint16Array, block: number, { format, out }: Rare): void {
  const { blockSize, bits, quantizeBlock } = format;
  const source = values.subarray(block * blockSize, (block + 1) * blockSize);
  const target = out.codes.subarray((block * blockSize * bits) / 8, ((block + 1) * blockSize * bits) / 8);
  if (source.every((value) => (value & 0x7fff) === 0)) {
    const zero = format.codes[last]!;
    target.fill(bits === 8 ? zero : zero | (zero << 4));
    out.scales[block] = 0 * format.scaleFactor;
    return;
  }
  if (source.some((value) => (value & 0x7fff) >= notFinite)) {
    out.scales[block] = NaN;
    return;
  }
  const bytes = new Uint8Array(source.buffer, source.byteOffset, source.byteLength);
  const { codes, scale } = quantizeBlock(toFloat32(bytes, 'BF16'));
  target.set(codes);
  out.scales[block] = scale;
}
