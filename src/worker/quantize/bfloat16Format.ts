import { blockwiseCode, quantizeBlockwise, type BlockwiseFormat } from './blockwise';
import { nf4BlockSize, nf4Code, quantizeNf4 } from './nf4';

/** Magnitudes, counted in bfloat16 steps, below the largest of a block: ten halvings of 128 steps each. Further down
 *  every format knows only zero. */
export const distances = 1280;

/** Blocks whose largest magnitude has smaller bits than this (2^-95) are left to the general functions: among such numbers
 *  a reciprocal may overflow. */
export const smallestTabled = 32 << 7;

/** A quantization format, made fast for bfloat16. Such a number has 7 fraction bits, and formats divide by the largest of
 *  the block; so a code depends on nothing but the largest number's fraction, the sign, and the distance in steps between
 *  the two magnitudes: one look-up, no arithmetic. Source of the codes are the general functions themselves. */
export type Bfloat16Format = {
  readonly bits: 4 | 8;
  readonly blockSize: number;
  /** [fraction of the largest: 128][sign: 2][distance: 1280] */
  readonly codes: Uint8Array;
  /** Whether the table's sign is relative to that of the largest number. */
  readonly isRelative: boolean;
  /** The scale is the largest number, or its magnitude where signs are not relative, times this. */
  readonly scaleFactor: number;
  /** Where the even element of a pair goes: bit 0 or bit 4 of the byte. */
  readonly evenShift: 0 | 4;
  /** One block by the general function. */
  readonly quantizeBlock: (block: Float32Array) => { codes: Uint8Array; scale: number };
};

export function blockwiseBfloat16({ bits, blockSize }: BlockwiseFormat): Bfloat16Format {
  const zero = 2 ** (bits - 1);
  return {
    bits,
    blockSize,
    codes: tableOf((value, largest) => blockwiseCode(value, Math.fround(1 / Math.fround(-largest / zero)), zero)),
    isRelative: true,
    scaleFactor: -1 / zero,
    evenShift: 0,
    quantizeBlock(block) {
      const { codes, scales } = quantizeBlockwise(block, blockSize, { bits, blockSize });
      return { codes, scale: scales[0]! };
    },
  };
}

export function nf4Bfloat16(): Bfloat16Format {
  return {
    bits: 4,
    blockSize: nf4BlockSize,
    codes: tableOf((value, largest) => nf4Code(Math.fround(value * Math.fround(1 / largest)))),
    isRelative: false,
    scaleFactor: 1,
    evenShift: 4,
    quantizeBlock(block) {
      const { codes, absmax } = quantizeNf4(block);
      return { codes, scale: absmax[0]! };
    },
  };
}

function tableOf(code: (value: number, largest: number) => number): Uint8Array {
  const table = new Uint8Array(128 * 2 * distances);
  for (let fraction = 0; fraction < 128; fraction++) {
    const largestBits = (127 << 7) | fraction;
    const largest = bfloat16(largestBits);
    const positive = fraction * 2 * distances;
    for (let distance = 0; distance < distances; distance++) {
      const value = bfloat16(largestBits - distance);
      table[positive + distance] = code(value, largest);
      table[positive + distances + distance] = code(-value, largest);
    }
  }
  return table;
}

const scratchBits = new Uint32Array(1);
const scratch = new Float32Array(scratchBits.buffer);

function bfloat16(bits: number): number {
  scratchBits[0] = bits << 16;
  return scratch[0]!;
}
