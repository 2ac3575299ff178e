import type { Device } from '../../shared/precision';
import type { QwenConfig } from '../checkpoint/qwenConfig';
import { cpuAttention, declareCpuInputs } from './cpuAttention';
import { declareGpuInputs, gpuAttention } from './gpuAttention';
import { GraphBuilder, type Value } from './graphBuilder';
import type { GraphContext } from './graphContext';
import { linear, vector } from './linear';
import { encodeOnnxModel } from './onnxFile';
import { overflowMark } from './overflowMark';
import type { FloatType } from '../checkpoint/floatType';
import type { StoredWeights } from './weightSource';

export type QwenGraphOptions = {
  config: QwenConfig;
  device: Device;
  floatType: FloatType;
  weights: StoredWeights;
  contextLength: number;
  /** Dynamic NTK's alphas within the context, ascending; [1] up to the training length. */
  alphas: readonly number[];
  /** Whether the context is longer than the training length and log-n attention is on. */
  scalesQueries: boolean;
};

/** Builds the ONNX model of a QWenLMHeadModel; weights stay outside, where `weights` says.
 *
 *    hidden ─ h.0 ─ … ─ h.n ─ rows ─ ln_f ─ lm_head ─ logits
 *
 *  hidden: [1, s, hidden], rows of wte looked up by the caller (so the embedding takes no memory of the device);
 *  logit_rows: int32 [r], the positions among the s whose logits are wanted; logits: float32 [1, r, vocabulary].
 *  The attention inputs are described in cpuAttention.ts and gpuAttention.ts. */
export function buildQwenGraph(options: QwenGraphOptions): Uint8Array {
  const { config, floatType, device } = options;
  const graph = new GraphBuilder();
  const context: GraphContext = { ...options, graph };
  const hidden = graph.input('hidden', floatType, [1, 's', config.hiddenSize]);
  const rows = graph.input('logit_rows', 'int32', ['r']);
  if (device === 'cpu') declareCpuInputs(context);
  else declareGpuInputs(context, options.alphas);

  let stream: Stream = { residual: hidden, delta: null };
  for (let layer = 0; layer < config.layers; layer++) stream = block(context, layer, stream);
  head(context, stream, rows);
  return encodeOnnxModel(graph.graph());
}

/** The residual stream: its value is `residual + delta`; the sum is left to the next norm, which fuses it. */
type Stream = { residual: Value; delta: Value | null };

/** Pre-norm block, sequential residuals. Source: QWenBlock in modeling_qwen.py. */
function block(context: GraphContext, layer: number, stream: Stream): Stream {
  const at = (name: string) => `transformer.h.${layer}.${name}`;
  const first = norm(context, at('ln_1'), stream);
  const attention = attend(context, layer, first.normed);
  const second = norm(context, at('ln_2'), { residual: first.sum, delta: attention });
  return { residual: second.sum, delta: feedForward(context, layer, second.normed) };
}

function attend(context: GraphContext, layer: number, x: Value): Value {
  const { graph, config, device } = context;
  const { hiddenSize } = config;
  const name = `transformer.h.${layer}.attn`;
  const product = linear(context, { name: `${name}.c_attn`, x, inputs: hiddenSize, outputs: 3 * hiddenSize });
  const bias = vector(context, `${name}.c_attn.bias`, 3 * hiddenSize);
  const qkv = graph.add('Add', { from: [product, bias], to: `${name}.c_attn/biased` });
  const attention = (device === 'cpu' ? cpuAttention : gpuAttention)(context, layer, qkv);
  return linear(context, { name: `${name}.c_proj`, x: attention, inputs: hiddenSize, outputs: hiddenSize });
}

/** SwiGLU feed-forward. Source: QWenMLP in modeling_qwen.py: SiLU belongs to w2, not to w1.
 *
 *    x ─┬─ w1 ───────── Mul ─ c_proj
 *       └─ w2 ─ SiLU ───┘                                                                                        */
function feedForward(context: GraphContext, layer: number, x: Value): Value {
  const { graph, config } = context;
  const { hiddenSize, feedForwardSize } = config;
  const name = `transformer.h.${layer}.mlp`;
  const up = linear(context, { name: `${name}.w1`, x, inputs: hiddenSize, outputs: feedForwardSize });
  const gate = linear(context, { name: `${name}.w2`, x, inputs: hiddenSize, outputs: feedForwardSize });
  const sigmoid = graph.add('Sigmoid', { from: [gate], to: `${name}/sigmoid` });
  const silu = graph.add('Mul', { from: [gate, sigmoid], to: `${name}/silu` });
  const product = graph.add('Mul', { from: [up, silu], to: `${name}/product` });
  return linear(context, { name: `${name}.c_proj`, x: product, inputs: feedForwardSize, outputs: hiddenSize });
}

/** RMSNorm of the stream, and the stream summed up. Source: RMSNorm in modeling_qwen.py. */
function norm(context: GraphContext, name: string, { residual, delta }: Stream): { normed: Value; sum: Value } {
  const { graph, config } = context;
  const weight = vector(context, `${name}.weight`, config.hiddenSize);
  const epsilon = { float: config.normEpsilon };
  const normed = `${name}/out`;
  if (delta === null) {
    const attributes = { axis: -1, epsilon, stash_type: 1 };
    graph.add('SimplifiedLayerNormalization', { from: [residual, weight], to: normed, attributes });
    return { normed, sum: residual };
  }
  const sum = `${name}/sum`;
  graph.add('SkipSimplifiedLayerNormalization', {
    from: [residual, delta, weight],
    to: [normed, '', '', sum],
    attributes: { epsilon },
  });
  return { normed, sum };
}

/** Final norm and lm_head, for the wanted rows alone: a whole prompt's logits would take hundreds of megabytes. */
function head(context: GraphContext, stream: Stream, rows: Value): void {
  const { graph, config, floatType } = context;
  const { hiddenSize, vocabularySize } = config;
  const last = sumUp(context, stream);
  const residual = graph.add('Gather', { from: [last, rows], to: `${last}/rows`, attributes: { axis: 1 } });
  const { normed } = norm(context, 'transformer.ln_f', { residual, delta: null });
  const logits = linear(context, { name: 'lm_head', x: normed, inputs: hiddenSize, outputs: vocabularySize });
  if (floatType === 'float32') graph.add('Identity', { from: [logits], to: 'logits' });
  else {
    const wide = graph.add('Cast', { from: [logits], to: 'lm_head/float32', attributes: { to: 1 } });
    graph.add('Add', { from: [wide, overflowMark(graph, last)], to: 'logits' });
  }
  graph.output('logits', 'float32', [1, 'r', vocabularySize]);
}

const sumUp = ({ graph }: GraphContext, { residual, delta }: Stream): Value =>
  delta === null ? residual : graph.add('Add', { from: [residual, delta], to: 'transformer.h/sum' });
