import type { Device, Precision } from '../../shared/precision';
import type { ModelShape } from '../../shared/verdict';
import { int4Format, int8Formats } from '../quantize/blockwise';
import { nf4BlockSize } from '../quantize/nf4';

type Form = { shape: ModelShape; precision: Precision; device: Device };

/** What the prepared weights of a published checkpoint, which is in 16 bits, take on the disk, with the embedding. */
export function preparedBytes({ shape, precision, device }: Form): number {
  const { layers, hiddenSize, feedForwardSize, vocabularySize } = shape;
  const linears = layers * hiddenSize * (4 * hiddenSize + 3 * feedForwardSize);
  const embedding = vocabularySize * hiddenSize;
  const vectors = layers * 5 * hiddenSize + hiddenSize;
  const head = precision === 'bf16' ? 2 : bytesPerWeight('int8', device); // lm_head keeps 8 bits
  const vector = device === 'gpu' || precision === 'bf16' ? 2 : 4;
  return linears * bytesPerWeight(precision, device) + embedding * (head + 2) + vectors * vector;
}

/** A code and its share of the scale of a block. */
function bytesPerWeight(precision: Precision, device: Device): number {
  const [floatType, floatBytes] = device === 'gpu' ? (['float16', 2] as const) : (['float32', 4] as const);
  switch (precision) {
    case 'bf16':
      return 2;
    case 'int8':
      return 1 + floatBytes / int8Formats[floatType].blockSize;
    case 'nf4':
      return 0.5 + floatBytes / nf4BlockSize;
    case 'int4':
      return 0.5 + floatBytes / int4Format.blockSize;
    default:
      return precision satisfies never;
  }
}
