import { bytesPerElement } from '../checkpoint/dtype';
import type { FloatType } from '../checkpoint/floatType';
import type { StoredTensor } from '../checkpoint/safetensors';
import { nf4BlockSize } from '../quantize/nf4';
import type { Encoding } from './fileJob';
import { columnsOf, rowsOf } from './readRows';

/** Bytes of the parts of a tensor [outputs, inputs], in the order of the file. */
export function partSizes(
  tensor: Pick<StoredTensor, 'shape' | 'dtype'>,
  encoding: Encoding,
  floatType: FloatType,
): number[] {
  const [outputs, inputs] = [rowsOf(tensor), columnsOf(tensor)];
  const floatBytes = floatType === 'float32' ? 4 : 2;
  switch (encoding.kind) {
    case 'check':
      return [];
    case 'stored':
      return [outputs * inputs * bytesPerElement[tensor.dtype]];
    case 'plain':
    case 'transposed':
      return [outputs * inputs * floatBytes];
    case 'nf4':
      return [Math.ceil((outputs * inputs) / 2), Math.ceil((outputs * inputs) / nf4BlockSize) * floatBytes];
    case 'blockwise': {
      const blocks = outputs * Math.ceil(inputs / encoding.blockSize);
      return [(blocks * encoding.blockSize * encoding.bits) / 8, blocks * floatBytes];
    }
    default:
      return encoding satisfies never;
  }
}
