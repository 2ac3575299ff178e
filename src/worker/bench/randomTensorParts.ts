import type { Precision } from '../../shared/precision';
import type { FloatType } from '../checkpoint/floatType';
import type { ExpectedTensor } from '../checkpoint/qwenTensors';
import type { Span, StoredWeight } from '../graph/weightSource';
import { blockwiseFormats, type BlockwiseFormat } from '../quantize/blockwise';
import { nf4BlockSize } from '../quantize/nf4';
import type { Fill } from './randomFill';

export type TensorPart = { byteLength: number; fill: Fill };

/** How a prepared model of a precision stores one tensor, with random content; `place` gives each part its place in the file. */
export function randomTensorParts(
  { kind, shape }: ExpectedTensor,
  { precision, floatType }: { precision: Precision; floatType: FloatType },
  place: (part: TensorPart) => Span,
): StoredWeight {
  const elements = shape.reduce((a, b) => a * b);
  const floatBytes = floatType === 'float32' ? 4 : 2;
  const isMatrix = kind === 'linear' || kind === 'head';
  if (isMatrix && precision === 'bf16' && floatType === 'float16') {
    const values = place({ byteLength: elements * 2, fill: 'weight-float16' });
    return { encoding: 'plain', type: 'float16', isTransposed: true, values };
  }
  if (isMatrix && precision === 'bf16')
    return { encoding: 'plain', type: 'bfloat16', values: place({ byteLength: elements * 2, fill: 'bfloat16' }) };
  if (kind === 'linear' && precision === 'nf4')
    return {
      encoding: 'nf4',
      codes: place({ byteLength: elements / 2, fill: 'bytes' }),
      absmax: place({ byteLength: (elements / nf4BlockSize) * floatBytes, fill: `absmax-${floatType}` }),
    };
  if (isMatrix) {
    const { int8, int4 } = blockwiseFormats[floatType];
    const format: BlockwiseFormat = precision === 'int4' && kind === 'linear' ? int4 : int8;
    const blocks = elements / format.blockSize;
    return {
      encoding: 'blockwise',
      ...format,
      codes: place({ byteLength: (elements * format.bits) / 8, fill: 'bytes' }),
      scales: place({ byteLength: blocks * floatBytes, fill: `scale${format.bits}-${floatType}` }),
    };
  }
  const fill: Fill = `${kind === 'norm' ? 'ones' : 'bias'}-${floatType}`;
  return { encoding: 'plain', type: floatType, values: place({ byteLength: elements * floatBytes, fill }) };
}
