import type { QwenConfig } from '../checkpoint/qwenConfig';
import { expectedTensors, type ExpectedTensor } from '../checkpoint/qwenTensors';
import type { Encoding } from './fileJob';
import { partSizes } from './partSizes';
import { isInShards, type PreparedManifest, type PreparedSpan, type PreparedTensor } from './preparedManifest';

/** Whether a manifest tells of every weight of such a model where it lies: in a file that it names, as many bytes as the weight has.
 *  Only the embedding may be left to the shards, or everything where they are the prepared form. */
export function isComplete(manifest: PreparedManifest, config: QwenConfig): boolean {
  const { precision, floatType } = manifest.identity;
  if (isInShards(manifest)) return precision === 'bf16' && floatType === 'float32';
  return expectedTensors(config).every((expected) => {
    const tensor = manifest.tensors[expected.name];
    return tensor === undefined ? expected.kind === 'embedding' : isWhole(tensor, expected, manifest);
  });
}

function isWhole(tensor: PreparedTensor, { shape }: ExpectedTensor, { identity, files }: PreparedManifest): boolean {
  const dtype = tensor.encoding === 'stored' ? tensor.dtype : 'F32'; // the others have none of the checkpoint's
  const sizes = partSizes({ shape, dtype }, encodingOf(tensor), identity.floatType);
  return spansOf(tensor).every(
    ({ file, offset, byteLength }, part) =>
      byteLength === sizes[part] && offset + byteLength <= (files[file]?.byteLength ?? 0),
  );
}

function encodingOf(tensor: PreparedTensor): Encoding {
  switch (tensor.encoding) {
    case 'plain':
      return { kind: tensor.isTransposed ? 'transposed' : 'plain' };
    case 'blockwise':
      return { kind: 'blockwise', bits: tensor.bits, blockSize: tensor.blockSize };
    case 'stored':
    case 'nf4':
      return { kind: tensor.encoding };
    default:
      return tensor satisfies never;
  }
}

function spansOf(tensor: PreparedTensor): PreparedSpan[] {
  switch (tensor.encoding) {
    case 'nf4':
      return [tensor.codes, tensor.absmax];
    case 'blockwise':
      return [tensor.codes, tensor.scales];
    case 'stored':
    case 'plain':
      return [tensor.values];
    default:
      return tensor satisfies never;
  }
}
