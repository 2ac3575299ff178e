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
  const { encoding, spans } = partsOf(tensor);
  const dtype = tensor.encoding === 'stored' ? tensor.dtype : 'F32'; // the others have none of the checkpoint's
  const sizes = partSizes({ shape, dtype }, encoding, identity.floatType);
  return spans.every(
    ({ file, offset, byteLength }, part) =>
      byteLength === sizes[part] && offset + byteLength <= (files[file]?.byteLength ?? 0),
  );
}

/** What decides the sizes of a tensor's parts, and where these are. */
function partsOf(tensor: PreparedTensor): { encoding: Encoding; spans: PreparedSpan[] } {
  switch (tensor.encoding) {
    case 'stored':
    case 'plain':
      return { encoding: { kind: tensor.encoding }, spans: [tensor.values] };
    case 'nf4':
      return { encoding: { kind: 'nf4' }, spans: [tensor.codes, tensor.absmax] };
    case 'blockwise': {
      const { bits, blockSize, codes, scales } = tensor;
      return { encoding: { kind: 'blockwise', bits, blockSize }, spans: [codes, scales] };
    }
    default:
      return tensor satisfies never;
  }
}
