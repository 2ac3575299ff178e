import { toFloat32 } from '../checkpoint/dtype';
import type { Bfloat16Format } from './bfloat16Format';
import { QuantizeKernel } from './quantizeKernel';

type Quantized = {
  /** Of whole blocks, in order: a byte an element, or a byte a pair. */
  readonly codes: Uint8Array;
  /** One a block; NaN where the block holds what is no number. */
  readonly scales: Float32Array;
};

let kernel: QuantizeKernel | undefined;

/** Quantizes whole blocks of bfloat16 numbers, given as their bits, into `out`. Gives exactly what quantizeBlockwise and
 *  quantizeNf4 give for the same numbers. */
export function quantizeBfloat16(values: Uint16Array, format: Bfloat16Format, out: Quantized): void {
  kernel ??= new QuantizeKernel();
  const { blockSize, bits } = format;
  const atOnce = kernel.blocksAtOnce(format);
  const blocks = values.length / blockSize;
  for (let first = 0; first < blocks; first += atOnce) {
    const part = values.subarray(first * blockSize, (first + atOnce) * blockSize);
    const { codes, scales } = kernel.quantize(part, format);
    out.codes.set(codes, (first * blockSize * bits) / 8);
    out.scales.set(scales, first);
  }
  for (let block = 0; block < blocks; block++)
    if (Number.isNaN(out.scales[block])) quantizeRareBlock(values, block, { format, out });
}

type Rare = { format: Bfloat16Format; out: Quantized };

/** Numbers next to zero, which the general function can do, and what is no number, which nobody can. */
function quantizeRareBlock(values: Uint16Array, block: number, { format, out }: Rare): void {
  const { blockSize, bits, quantizeBlock } = format;
  const source = values.subarray(block * blockSize, (block + 1) * blockSize);
  if (source.some((value) => (value & 0x7f80) === 0x7f80)) return; // its scale says so
  const bytes = new Uint8Array(source.buffer, source.byteOffset, source.byteLength);
  const { codes, scale } = quantizeBlock(toFloat32(bytes, 'BF16'));
  out.codes.set(codes, (block * blockSize * bits) / 8);
  out.scales[block] = scale;
}
