import type { StoredTensor } from '../checkpoint/safetensors';
import { HalvesKernel, type Halves } from '../quantize/halvesKernel';
import type { FloatEncoder } from './floatEncoder';
import { columnsOf, rowsAtOnce, rowsOf } from './readRows';
import { transposeInto } from './transpose';

/** Rows of a weight as they become float16 columns [columns, stride]. What is lost is counted by the encoder. */
export type ColumnGroup = {
  /** Takes rows as the checkpoint has them. */
  add(bytes: Uint8Array, place: Halves): void;
  /** The first `length` numbers. */
  target(length: number): Uint16Array;
};

export const columnGroup = (tensor: StoredTensor, groupRows: number, encoder: FloatEncoder): ColumnGroup =>
  tensor.dtype === 'BF16' && HalvesKernel.takes(rowsOf(tensor), columnsOf(tensor))
    ? ofBfloat16(tensor, groupRows, encoder)
    : ofAny(tensor, groupRows, encoder);

let kernel: HalvesKernel | undefined;

function ofBfloat16(tensor: StoredTensor, groupRows: number, encoder: FloatEncoder): ColumnGroup {
  const halves = (kernel ??= new HalvesKernel());
  halves.reserve(rowsAtOnce(tensor) * columnsOf(tensor), groupRows * columnsOf(tensor));
  return {
    add(bytes, place) {
      encoder.count(halves.transpose(new Uint16Array(bytes.buffer, bytes.byteOffset, bytes.length / 2), place));
    },
    target: halves.target,
  };
}

function ofAny(tensor: StoredTensor, groupRows: number, encoder: FloatEncoder): ColumnGroup {
  const target = new Uint16Array(groupRows * columnsOf(tensor));
  return {
    add(bytes, place) {
      const halves = encoder.encodeHalves(bytes, tensor.dtype);
      transposeInto(target, halves, { ...place, rows: halves.length / place.columns });
    },
    target: (length) => target.subarray(0, length),
  };
}
