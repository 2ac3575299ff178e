import { nf4BlockSize } from '../quantize/nf4';
import type { Value } from './graphBuilder';
import type { GraphContext } from './graphContext';
import type { OnnxType } from './onnxFile';
import type { StoredWeight } from './weightSource';

type Linear = {
  /** The checkpoint's name without `.weight`. */
  name: string;
  x: Value;
  inputs: number;
  outputs: number;
};

/** y = x · Wᵀ, [1, s, inputs] → [1, s, outputs], by the operator that computes the weight's encoding. */
export function linear(context: GraphContext, layer: Linear): Value {
  const weight = context.weights.weight(`${layer.name}.weight`);
  switch (weight.encoding) {
    case 'plain':
      return plainLinear(context, layer, weight);
    case 'nf4':
      return nf4Linear(context, layer, weight);
    case 'blockwise':
      return blockwiseLinear(context, layer, weight);
    default:
      return weight satisfies never;
  }
}

/** A norm weight or a bias, [size], in the graph's number format. */
export function vector({ graph, weights, floatType }: GraphContext, name: string, size: number): Value {
  const weight = weights.weight(name);
  if (weight.encoding !== 'plain') throw new Error(`${name} must not be quantized`);
  const stored = graph.constant({ name, type: weight.type, dims: [size], ...weight.values });
  return cast({ graph, floatType }, stored, weight.type);
}

/** ONNX Runtime folds the casts of constants when it opens the session: they cost load time, not run time. */
function cast({ graph, floatType }: Pick<GraphContext, 'graph' | 'floatType'>, stored: Value, type: OnnxType): Value {
  if (type === floatType) return stored;
  const attributes = { to: floatType === 'float32' ? 1 : 10 };
  return graph.add('Cast', { from: [stored], to: `${stored}/${floatType}`, attributes });
}

type Plain = Extract<StoredWeight, { encoding: 'plain' }>;

/** The CPU multiplies W as checkpoints store it, [outputs, inputs]. WebGPU's MatMul needs the transpose: prepared weights
 *  are stored so, others are turned when the session is opened. */
function plainLinear(context: GraphContext, { name, x, inputs, outputs }: Linear, weight: Plain): Value {
  const { graph, device } = context;
  const dims = weight.isTransposed ? [inputs, outputs] : [outputs, inputs];
  const stored = graph.constant({ name: `${name}.weight`, type: weight.type, dims, ...weight.values });
  const values = cast(context, stored, weight.type);
  if (weight.isTransposed) return graph.add('MatMul', { from: [x, values], to: `${name}/out` });
  if (device === 'cpu')
    return graph.add('FusedMatMul', { from: [x, values], to: `${name}/out`, attributes: { transB: 1 } });
  const transposed = graph.add('Transpose', { from: [values], to: `${name}/transposed`, attributes: { perm: [1, 0] } });
  return graph.add('MatMul', { from: [x, transposed], to: `${name}/out` });
}

type Nf4 = Extract<StoredWeight, { encoding: 'nf4' }>;

function nf4Linear({ graph, floatType }: GraphContext, { name, x, inputs, outputs }: Linear, weight: Nf4): Value {
  const codes = graph.constant({
    name: `${name}.codes`,
    type: 'uint8',
    dims: [weight.codes.byteLength],
    ...weight.codes,
  });
  const absmax = graph.constant({
    name: `${name}.absmax`,
    type: floatType,
    dims: [Math.ceil((inputs * outputs) / nf4BlockSize)],
    ...weight.absmax,
  });
  const attributes = { K: inputs, N: outputs, block_size: nf4BlockSize, quant_type: 1, training_mode: 0, transB: 1 };
  return graph.add('MatMulBnb4', { from: [x, codes, absmax], to: `${name}/out`, attributes });
}

type Blockwise = Extract<StoredWeight, { encoding: 'blockwise' }>;

/** On the CPU, accuracy level 4 multiplies int8 activations: MLAS' fastest kernels by far. */
function blockwiseLinear(context: GraphContext, { name, x, inputs, outputs }: Linear, weight: Blockwise): Value {
  const { graph, floatType, device } = context;
  const { bits, blockSize } = weight;
  const blocks = Math.ceil(inputs / blockSize);
  const codes = graph.constant({
    name: `${name}.codes`,
    type: 'uint8',
    dims: [outputs, blocks, (blockSize * bits) / 8],
    ...weight.codes,
  });
  const scales = graph.constant({
    name: `${name}.scales`,
    type: floatType,
    dims: [outputs * blocks],
    ...weight.scales,
  });
  const attributes = { K: inputs, N: outputs, bits, block_size: blockSize, accuracy_level: device === 'cpu' ? 4 : 0 };
  return graph.add('MatMulNBits', { from: [x, codes, scales], to: `${name}/out`, attributes });
}
