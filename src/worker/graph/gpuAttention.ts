import type { Value } from './graphBuilder';
import type { GraphContext } from './graphContext';
import { rotaryTables } from './rotary';
import { toFloat16 } from '../checkpoint/dtype';

/** Names of the inputs that GPU attention adds to the graph. */
export const gpuInputs = {
  lastPosition: 'last_position',
  totalLength: 'total_length',
  ntkTable: 'ntk_table',
  queryScale: 'query_scale',
} as const;

/** Fused attention over a cache that never leaves the GPU. [1, s, 3·hidden] → [1, s, hidden].
 *
 *    qkv (· query_scale) ─ GroupQueryAttention ─┬─ out         rotates, appends to the cache in place, masks causally
 *    past_k, past_v ────────────────────────────┴─ present_k, present_v: the same buffers, [1, heads, rows, d]
 *
 *  query_scale: [1, s, 3, 1] with ones for keys and values. Scaling before RoPE equals scaling after it: RoPE is linear. */
export function gpuAttention(context: GraphContext, layer: number, qkv: Value): Value {
  const { graph, config, floatType } = context;
  const at = (name: string) => `h${layer}/${name}`;
  const cacheDims = [1, config.heads, 'rows', config.headSize];
  const past = ['k', 'v'].map((part) => graph.input(`past_${part}${layer}`, floatType, cacheDims));
  const present = ['k', 'v'].map((part) => `present_${part}${layer}`);
  for (const name of present) graph.output(name, floatType, cacheDims);
  const packed = context.scalesQueries ? scaleQueries(context, layer, qkv) : qkv;
  return graph.add('GroupQueryAttention', {
    from: [packed, '', '', ...past, gpuInputs.lastPosition, gpuInputs.totalLength, 'cos_cache', 'sin_cache'],
    to: [at('attention_out'), ...present],
    attributes: {
      num_heads: config.heads,
      kv_num_heads: config.heads,
      do_rotary: 1,
      rotary_interleaved: 0,
      scale: { float: 1 / Math.sqrt(config.headSize) },
    },
  });
}

function scaleQueries({ graph, config }: GraphContext, layer: number, qkv: Value): Value {
  const at = (name: string) => `h${layer}/${name}`;
  const thirds = graph.add('Reshape', {
    from: [qkv, graph.int64('thirds_shape', [1, -1, 3, config.hiddenSize])],
    to: at('qkv_thirds'),
  });
  const scaled = graph.add('Mul', { from: [thirds, gpuInputs.queryScale], to: at('qkv_scaled') });
  return graph.add('Reshape', {
    from: [scaled, graph.int64('packed_shape', [1, -1, 3 * config.hiddenSize])],
    to: at('qkv_packed'),
  });
}

/** Declares the inputs that all layers share, and the rotary tables of every NTK alpha the context can need. */
export function declareGpuInputs(context: GraphContext, alphas: readonly number[]): void {
  const { graph, floatType, scalesQueries } = context;
  graph.input(gpuInputs.lastPosition, 'int32', [1]);
  graph.input(gpuInputs.totalLength, 'int32', [1]);
  if (scalesQueries) graph.input(gpuInputs.queryScale, floatType, [1, 's', 3, 1]);
  if (alphas.length > 1) graph.input(gpuInputs.ntkTable, 'int64', []);
  for (const part of ['cos', 'sin'] as const) declareTable(context, part, alphas);
}

/** A constant [contextLength, d/2], or one of several chosen by the input `ntk_table`. */
function declareTable(context: GraphContext, part: 'cos' | 'sin', alphas: readonly number[]): void {
  const { graph, config, floatType, contextLength } = context;
  const half = config.headSize / 2;
  const values = new Float32Array(alphas.length * contextLength * half);
  for (const [index, alpha] of alphas.entries())
    values.set(rotaryTables(config, alpha, { start: 0, count: contextLength })[part], index * contextLength * half);
  const stored = floatType === 'float32' ? values : toFloat16(values);
  const bytes = new Uint8Array(stored.buffer);
  if (alphas.length === 1) {
    graph.constant({ name: `${part}_cache`, type: floatType, dims: [contextLength, half], bytes });
    return;
  }
  const dims = [alphas.length, contextLength, half];
  const all = graph.constant({ name: `${part}_caches`, type: floatType, dims, bytes });
  graph.add('Gather', { from: [all, gpuInputs.ntkTable], to: `${part}_cache`, attributes: { axis: 0 } });
}
