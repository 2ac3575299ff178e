import { quantizeBlockwise, type BlockwiseFormat } from './blockwise';
import { nf4BlockSize, quantizeNf4 } from './nf4';

/** A quantization format for which the WebAssembly module has a function that takes bfloat16 numbers. */
export type Bfloat16Format = {
  readonly bits: 4 | 8;
  /** A multiple of 32. */
  readonly blockSize: number;
  readonly kernel: 'quantizeInt8' | 'quantizeInt4' | 'quantizeNf4';
  /** One block by the general function. */
  readonly quantizeBlock: (block: Float32Array) => { codes: Uint8Array; scale: number };
};

export const blockwiseBfloat16 = ({ bits, blockSize }: BlockwiseFormat): Bfloat16Format => ({
  bits,
  blockSize,
  kernel: bits === 8 ? 'quantizeInt8' : 'quantizeInt4',
  quantizeBlock(block) {
    const { codes, scales } = quantizeBlockwise(block, blockSize, { bits, blockSize });
    return { codes, scale: scales[0]! };
  },
});

export const nf4Bfloat16 = (): Bfloat16Format => ({
  bits: 4,
  blockSize: nf4BlockSize,
  kernel: 'quantizeNf4',
  quantizeBlock(block) {
    const { codes, absmax } = quantizeNf4(block);
    return { codes, scale: absmax[0]! };
  },
});
