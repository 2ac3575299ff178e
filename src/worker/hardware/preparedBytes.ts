import type { Device, Precision } from '../../shared/precision';
import type { ModelShape } from '../../shared/verdict';
import { blockwiseFormats } from '../quantize/blockwise';
import { nf4BlockSize } from '../quantize/nf4';

type Form = { shape: ModelShape; precision: Precision; device: Device };

/** What is prepared of a published checkpoint, which is in 16 bits. */
export type PreparedBytes = {
  /** Of a form that does without the shards, and so has the embedding. */
  readonly alone: number;
  /** Beside the shards: what would only be copied is read from them. */
  readonly besideShards: number;
};

/** What prepared weights take on the disk, and the graph that points into them. */
export function preparedBytes(form: Form): PreparedBytes {
  const embedding = largestTensorBytes(form.shape);
  const [weights, graph] = [weightsBytes(form), graphBytes(form)];
  const isCopied = form.precision === 'bf16' && form.device === 'cpu';
  return { alone: weights + embedding + graph, besideShards: isCopied ? graph : weights + graph };
}

/** As it is published: the embedding, and the lm_head. */
export const largestTensorBytes = ({ vocabularySize, hiddenSize }: ModelShape): number =>
  2 * vocabularySize * hiddenSize;

/** Nodes with their names, 6 kB a layer, and for a GPU the rotary tables of 8,192 tokens, the longest training of any Qwen up to 14B. */
const graphBytes = ({ shape: { layers, hiddenSize, heads }, device }: Form): number =>
  layers * 6144 + (device === 'gpu' ? 8192 * (hiddenSize / heads) * 2 : 0);

/** What the graph points into. */
function weightsBytes({ shape, precision, device }: Form): number {
  const { layers, hiddenSize, feedForwardSize, vocabularySize } = shape;
  const linears = layers * hiddenSize * (4 * hiddenSize + 3 * feedForwardSize);
  const vectors = layers * 5 * hiddenSize + hiddenSize;
  const head = precision === 'bf16' ? 2 : bytesPerWeight('int8', device); // lm_head keeps 8 bits
  const vector = device === 'gpu' || precision === 'bf16' ? 2 : 4;
  return linears * bytesPerWeight(precision, device) + vocabularySize * hiddenSize * head + vectors * vector;
}

/** A code and its share of the scale of a block. */
function bytesPerWeight(precision: Precision, device: Device): number {
  const [floatType, floatBytes] = device === 'gpu' ? (['float16', 2] as const) : (['float32', 4] as const);
  switch (precision) {
    case 'bf16':
      return 2;
    case 'int8':
      return 1 + floatBytes / blockwiseFormats[floatType].int8.blockSize;
    case 'nf4':
      return 0.5 + floatBytes / nf4BlockSize;
    case 'int4':
      return 0.5 + floatBytes / blockwiseFormats[floatType].int4.blockSize;
    default:
      return precision satisfies never;
  }
}
