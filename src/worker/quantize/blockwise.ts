import type { FloatType } from '../checkpoint/floatType';

/** Bits of one code, and how many consecutive inputs share a scale. */
export type BlockwiseFormat = { readonly bits: 4 | 8; readonly blockSize: number };

type BlockwisePrecision = 'int8' | 'int4';

/** By the number format of the graph, which tells the device. A decoded token costs what is read, and on the CPU MLAS keeps 8 bytes beside the
 *  codes of a block: long blocks are faster there by more than they lose (docs/decisions.md). WebGPU's fast kernels are for blocks of 32. */
export const blockwiseFormats: Readonly<Record<FloatType, Readonly<Record<BlockwisePrecision, BlockwiseFormat>>>> = {
  float32: { int8: { bits: 8, blockSize: 128 }, int4: { bits: 4, blockSize: 128 } },
  float16: { int8: { bits: 8, blockSize: 32 }, int4: { bits: 4, blockSize: 32 } },
};

/** Quantizes an [out, in] weight symmetrically, as ONNX Runtime's MatMulNBits without zero points stores it:
 *  `codes` uint8 [out, in / blockSize rounded up, blockSize * bits / 8], for 4 bits the even element in the low nibble;
 *  `scales` float32 [out, blocks]. weight ≈ (code - 2^(bits-1)) * scale. The scale takes the sign that gives the value of
 *  largest magnitude the code 0, so that both ends of the range are used (MLAS q4_dq.cpp). */
export function quantizeBlockwise(
  weights: Float32Array,
  columns: number,
  { bits, blockSize }: BlockwiseFormat,
): { codes: Uint8Array; scales: Float32Array } {
  const rows = weights.length / columns;
  const blocks = Math.ceil(columns / blockSize);
  const zero = 2 ** (bits - 1);
  const codes = new Uint8Array((rows * blocks * blockSize * bits) / 8).fill(bits === 8 ? zero : zero | (zero << 4));
  const scales = new Float32Array(rows * blocks);
  for (let block = 0; block < scales.length; block++) {
    const row = Math.floor(block / blocks);
    const column = (block % blocks) * blockSize;
    const start = row * columns + column;
    const end = start + Math.min(blockSize, columns - column);
    const scale = Math.fround(-extreme(weights, start, end) / zero);
    scales[block] = scale;
    const reciprocal = scale === 0 ? 0 : Math.fround(1 / scale);
    for (let i = start, k = block * blockSize; i < end; i++, k++) {
      const code = blockwiseCode(weights[i]!, reciprocal, zero);
      if (bits === 8) codes[k] = code;
      else codes[k >>> 1] = k & 1 ? (codes[k >>> 1]! & 0x0f) | (code << 4) : (codes[k >>> 1]! & 0xf0) | code;
    }
  }
  return { codes, scales };
}

/** The value of largest magnitude with its sign; on a tie the negative one. */
function extreme(weights: Float32Array, start: number, end: number): number {
  let min = 0;
  let max = 0;
  for (let i = start; i < end; i++) {
    const value = weights[i]!;
    if (value < min) min = value;
    if (value > max) max = value;
  }
  return max > -min ? max : min;
}

/** The code of one weight: rounds half away from zero, then moves into 0 … 2 * zero - 1. */
export function blockwiseCode(weight: number, reciprocalScale: number, zero: number): number {
  const value = Math.fround(weight * reciprocalScale);
  const rounded = value < 0 ? -Math.floor(0.5 - value) : Math.floor(value + 0.5);
  return Math.min(Math.max(rounded + zero, 0), 2 * zero - 1);
}
