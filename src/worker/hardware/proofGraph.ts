import { Tensor } from 'onnxruntime-node';
import { toFloat16 } from '../checkpoint/dtype';
import type { FloatType } from '../checkpoint/floatType';
import { GraphBuilder, type Value } from '../graph/graphBuilder';
import type { Graph } from '../graph/onnxFile';
import { blockwiseFormats, quantizeBlockwise, type BlockwiseFormat } from '../quantize/blockwise';
import { nf4BlockSize, quantizeNf4 } from '../quantize/nf4';
import { seededRandom } from '../sampling/seededRandom';

/** Heads of Qwen-7B's size, but two of them, and few tokens: what is computed wrongly shows in little. */
const [tokens, heads, headSize] = [8, 2, 128];
const hidden = heads * headSize;

/** The operators that every precision on the GPU needs, each by what it computes. */
export const proofOutputs = ['float', 'int8', 'int4', 'nf4', 'attention'] as const;

/** The operators of our graphs, with the attributes they have there, on seeded weights:
 *
 *    x ─┬─ MatMul ────────────── float        weights in the graph's number format
 *       ├─ MatMulNBits, 8 bits ─ int8 ─ GroupQueryAttention ─ attention
 *       ├─ MatMulNBits, 4 bits ─ int4
 *       └─ MatMulBnb4 ────────── nf4
 *
 *  Blocks have the GPU's sizes, so that both devices compute with the same weights. */
export function proofGraph(floatType: FloatType): Graph {
  const graph = new GraphBuilder();
  const parts = { graph, floatType, x: graph.input('x', floatType, [1, tokens, hidden]) };
  const weights = seededWeights(hidden * hidden);
  const plain = floats(parts, { name: 'w', values: weights, dims: [hidden, hidden] });
  graph.add('MatMul', { from: [parts.x, plain], to: 'float' });
  blockwise(parts, { name: 'int8', outputs: 3 * hidden, ...blockwiseFormats.float16.int8 });
  blockwise(parts, { name: 'int4', outputs: hidden, ...blockwiseFormats.float16.int4 });
  nf4(parts, weights);
  attention(parts);
  for (const name of proofOutputs) graph.output(name, floatType, [1, tokens, name === 'int8' ? 3 * hidden : hidden]);
  return graph.graph();
}

type Parts = { graph: GraphBuilder; floatType: FloatType; x: Value };

type Blockwise = BlockwiseFormat & { name: string; outputs: number };

function blockwise(parts: Parts, { name, outputs, bits, blockSize }: Blockwise): void {
  const { codes, scales } = quantizeBlockwise(seededWeights(outputs * hidden), hidden, { bits, blockSize });
  const blocks = hidden / blockSize;
  const codeDims = [outputs, blocks, (blockSize * bits) / 8];
  parts.graph.add('MatMulNBits', {
    from: [
      parts.x,
      parts.graph.constant({ name: `${name}.codes`, type: 'uint8', dims: codeDims, bytes: codes }),
      floats(parts, { name: `${name}.scales`, values: scales, dims: [outputs * blocks] }),
    ],
    to: name,
    attributes: { K: hidden, N: outputs, bits, block_size: blockSize, accuracy_level: 0 },
  });
}

function nf4(parts: Parts, weights: Float32Array): void {
  const { codes, absmax } = quantizeNf4(weights);
  parts.graph.add('MatMulBnb4', {
    from: [
      parts.x,
      parts.graph.constant({ name: 'nf4.codes', type: 'uint8', dims: [codes.length], bytes: codes }),
      floats(parts, { name: 'nf4.absmax', values: absmax, dims: [absmax.length] }),
    ],
    to: 'nf4',
    attributes: { K: hidden, N: hidden, block_size: nf4BlockSize, quant_type: 1, training_mode: 0, transB: 1 },
  });
}

/** With rotation by zero angles, over an empty cache. */
function attention(parts: Parts): void {
  const { graph, floatType } = parts;
  const cache = [1, heads, tokens, headSize];
  const values = new Float32Array((tokens * headSize) / 2);
  const dims = [tokens, headSize / 2];
  graph.add('GroupQueryAttention', {
    from: [
      'int8',
      '',
      '',
      graph.input('past_k', floatType, cache),
      graph.input('past_v', floatType, cache),
      graph.input('last_position', 'int32', [1]),
      graph.input('total_length', 'int32', [1]),
      floats(parts, { name: 'cos', values: values.map(() => 1), dims }),
      floats(parts, { name: 'sin', values, dims }),
    ],
    to: ['attention', 'present_k', 'present_v'],
    attributes: {
      ...{ num_heads: heads, kv_num_heads: heads, do_rotary: 1, rotary_interleaved: 0 },
      scale: { float: 1 / Math.sqrt(headSize) },
    },
  });
  for (const name of ['present_k', 'present_v']) graph.output(name, floatType, cache);
}

/** What the graph is computed with. */
export function proofFeeds(floatType: FloatType): Record<string, Tensor> {
  const empty = new Float32Array(heads * tokens * headSize);
  const cache = [1, heads, tokens, headSize];
  return {
    x: tensor(floatType, seededValues(tokens * hidden, 1), [1, tokens, hidden]),
    past_k: tensor(floatType, empty, cache),
    past_v: tensor(floatType, empty, cache),
    last_position: new Tensor('int32', Int32Array.of(tokens - 1), [1]),
    total_length: new Tensor('int32', Int32Array.of(tokens), [1]),
  };
}

const tensor = (floatType: FloatType, values: Float32Array, dims: readonly number[]): Tensor =>
  floatType === 'float16' ? new Tensor('float16', toFloat16(values), dims) : new Tensor('float32', values, dims);

/** A trained model's size of weights times what makes outputs of magnitude 1. */
const seededWeights = (size: number): Float32Array => seededValues(size, 0.1);

function seededValues(size: number, reach: number): Float32Array {
  const random = seededRandom(size);
  return Float32Array.from({ length: size }, () => (2 * random() - 1) * reach);
}

type Constant = { name: string; values: Float32Array; dims: number[] };

function floats({ graph, floatType }: Pick<Parts, 'graph' | 'floatType'>, { name, values, dims }: Constant): Value {
  const { buffer } = floatType === 'float16' ? toFloat16(values) : values;
  return graph.constant({ name, type: floatType, dims, bytes: new Uint8Array(buffer) });
}
