import path from 'node:path';
import type { Checkpoint } from '../checkpoint/checkpoint';
import type { Dtype } from '../checkpoint/dtype';
import { embeddingTensor } from '../checkpoint/qwenTensors';
import type { StoredTensor } from '../checkpoint/safetensors';
import type { BlockwiseFormat } from '../quantize/blockwise';
import type { PreparedFolder } from '../prepare/preparedFolder';
import type { PreparedManifest, PreparedSpan } from '../prepare/preparedManifest';
import type { FloatType } from '../checkpoint/floatType';

/** Bytes of a file in the external data folder. */
export type Span = { readonly location: string; readonly offset: number; readonly byteLength: number };

/** How one tensor of the checkpoint is stored for the graph. */
export type StoredWeight =
  | {
      readonly encoding: 'plain';
      readonly type: FloatType | 'bfloat16';
      /** A linear weight that is stored [in, out] instead of [out, in]. */
      readonly isTransposed?: boolean;
      readonly values: Span;
    }
  | { readonly encoding: 'nf4'; readonly codes: Span; readonly absmax: Span }
  | ({ readonly encoding: 'blockwise'; readonly codes: Span; readonly scales: Span } & BlockwiseFormat);

/** Where each weight lies in the folder that the graph points into. Names are the checkpoint's own. */
export type StoredWeights = { weight(name: string): StoredWeight };

/** Where a model's weights lie. */
export type WeightSource = StoredWeights & {
  /** Holds what the graph points into. */
  readonly folder: string;
  /** It is not in the graph, and may lie elsewhere. */
  readonly embedding: StoredTensor;
};

const onnxTypeOf = { BF16: 'bfloat16', F16: 'float16', F32: 'float32' } as const satisfies Record<Dtype, string>;

/** The weights as the checkpoint stores them: initializers point into its shards, nothing is copied. `root` is a folder above
 *  that all shards really lie in. */
export const checkpointWeights = ({ folder, tensors }: Checkpoint, root: string = folder): WeightSource => ({
  folder: root,
  embedding: tensors.get(embeddingTensor)!,
  ...weightsInShards(tensors, path.relative(root, folder)),
});

/** The weights of a prepared folder, which leaves the embedding where the checkpoint has it, or holds that too. */
export const preparedWeights = ({ folder, manifest }: PreparedFolder, embedding: StoredTensor): WeightSource => ({
  folder,
  embedding,
  ...weightsInManifest(manifest),
});

/** `place` is the checkpoint's in the folder that the graph points into. */
export const weightsInShards = (tensors: Checkpoint['tensors'], place = ''): StoredWeights => ({
  weight(name) {
    const { file, dtype, offset, byteLength } = tensors.get(name)!;
    return {
      encoding: 'plain',
      type: onnxTypeOf[dtype],
      values: { location: path.join(place, path.basename(file)), offset, byteLength },
    };
  },
});

export function weightsInManifest({
  identity,
  tensors,
}: Pick<PreparedManifest, 'identity' | 'tensors'>): StoredWeights {
  const at = ({ file, offset, byteLength }: PreparedSpan): Span => ({ location: file, offset, byteLength });
  return {
    weight(name) {
      const tensor = tensors[name]!;
      switch (tensor.encoding) {
        case 'stored':
          return { encoding: 'plain', type: onnxTypeOf[tensor.dtype], values: at(tensor.values) };
        case 'plain':
          return { ...tensor, type: identity.floatType, values: at(tensor.values) };
        case 'nf4':
          return { encoding: 'nf4', codes: at(tensor.codes), absmax: at(tensor.absmax) };
        case 'blockwise':
          return { ...tensor, codes: at(tensor.codes), scales: at(tensor.scales) };
        default:
          return tensor satisfies never;
      }
    },
  };
}
