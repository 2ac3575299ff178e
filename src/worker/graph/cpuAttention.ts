import type { Value } from './graphBuilder';
import type { GraphContext } from './graphContext';

/** Names of the inputs and outputs that CPU attention adds to the graph. */
export const cpuInputs = {
  cos: 'rope_cos',
  sin: 'rope_sin',
  queryCos: 'query_rope_cos',
  querySin: 'query_rope_sin',
  pastMask: 'past_mask',
  newMask: 'new_mask',
} as const;

/** Causal attention that gives out only the new keys and values, since the Node binding copies every CPU output: fetching
 *  the whole cache would cost gigabytes a token. [1, s, 3·hidden] → [1, s, hidden]. Source: QWenAttention, modeling_qwen.py.
 *
 *    qkv ─ split heads ─┬─ q ─ scaled RoPE ─┬─ · past_kᵀ + past_mask ─┐
 *                       ├─ k ─ RoPE ─ new_k ┴─ · new_kᵀ + new_mask ───┴─ Concat ─ Softmax ─ Split
 *                       └─ v ─ new_v ─────────── probabilities · (past_v, new_v) ─ Add ─ merge heads
 *
 *  past_k, past_v: float32 [1, heads, p, d], rows beyond the cached ones masked; masks are added: past [1, 1, 1, p],
 *  new [1, 1, s, s]; rope_cos, rope_sin: [s, d/2], the rows of the new positions; query_rope_cos, query_rope_sin: the same, times
 *  what a score is scaled by, log-n/√d. A rotation is linear, so the query carries the scale; as a factor of the product it would keep MLAS from
 *  its kernels for one row, which halve the time of the scores of a decoded token. */
export function cpuAttention(context: GraphContext, layer: number, qkv: Value): Value {
  const { graph, config } = context;
  const at = (name: string) => `h${layer}/${name}`;
  const cacheDims = [1, config.heads, 'p', config.headSize];
  const pastK = graph.input(`past_k${layer}`, 'float32', cacheDims);
  const pastV = graph.input(`past_v${layer}`, 'float32', cacheDims);

  const { query, newK, newV } = splitAndRotate(context, layer, qkv);
  const scores = (keys: Value, name: string) =>
    graph.add('FusedMatMul', { from: [query, keys], to: at(name), attributes: { transB: 1 } });
  const pastScores = scores(pastK, 'past_scores');
  const newScores = scores(newK, 'new_scores');
  const { past, fresh } = softmaxOverBoth(context, layer, { pastScores, newScores });
  const pastOut = graph.add('MatMul', { from: [past, pastV], to: at('past_out') });
  const newOut = graph.add('MatMul', { from: [fresh, newV], to: at('new_out') });
  const sum = graph.add('Add', { from: [pastOut, newOut], to: at('attention') });
  const merged = graph.add('Transpose', { from: [sum], to: at('merged'), attributes: { perm: [0, 2, 1, 3] } });
  return graph.add('Reshape', {
    from: [merged, graph.int64('hidden_shape', [1, -1, config.hiddenSize])],
    to: at('attention_out'),
  });
}

function splitAndRotate({ graph, config }: GraphContext, layer: number, qkv: Value) {
  const { heads, headSize } = config;
  const at = (name: string) => `h${layer}/${name}`;
  const [newK, newV] = [`new_k${layer}`, `new_v${layer}`];
  const split = graph.add('Reshape', {
    from: [qkv, graph.int64('heads_shape', [1, -1, 3 * heads, headSize])],
    to: at('qkv_heads'),
  });
  const byHead = graph.add('Transpose', { from: [split], to: at('qkv_by_head'), attributes: { perm: [0, 2, 1, 3] } });
  graph.add('Split', {
    from: [byHead, graph.int64('qkv_split', [heads, heads, heads])],
    to: [at('q'), at('k'), newV],
    attributes: { axis: 1 },
  });
  const rotate = (x: Value, to: Value, tables: readonly Value[]) =>
    graph.add('RotaryEmbedding', {
      from: [x, graph.int64('first_row', [0]), ...tables],
      to,
      attributes: { interleaved: 0 },
    });
  rotate(at('k'), newK, [cpuInputs.cos, cpuInputs.sin]);
  const query = rotate(at('q'), at('q_scaled'), [cpuInputs.queryCos, cpuInputs.querySin]);
  for (const name of [newK, newV]) graph.output(name, 'float32', [1, heads, 's', headSize]);
  return { query, newK, newV };
}

/** One softmax over past and new scores together; gives the probabilities back in the two parts. */
function softmaxOverBoth(
  { graph }: GraphContext,
  layer: number,
  { pastScores, newScores }: { pastScores: Value; newScores: Value },
) {
  const at = (name: string) => `h${layer}/${name}`;
  const maskedPast = graph.add('Add', { from: [pastScores, cpuInputs.pastMask], to: at('past_masked') });
  const maskedNew = graph.add('Add', { from: [newScores, cpuInputs.newMask], to: at('new_masked') });
  const scores = graph.add('Concat', { from: [maskedPast, maskedNew], to: at('scores'), attributes: { axis: -1 } });
  const probabilities = graph.add('Softmax', { from: [scores], to: at('probabilities'), attributes: { axis: -1 } });
  const [past, fresh] = [at('past_probabilities'), at('new_probabilities')];
  graph.add('Split', { from: [probabilities, 'score_split'], to: [past, fresh], attributes: { axis: -1 } });
  return { past, fresh };
}

/** Declares the inputs that all layers share, and the split sizes [p, s] from the masks' shapes. */
export function declareCpuInputs({ graph, config }: GraphContext): void {
  const { cos, sin, queryCos, querySin } = cpuInputs;
  for (const name of [cos, sin, queryCos, querySin]) graph.input(name, 'float32', ['s', config.headSize / 2]);
  graph.input(cpuInputs.pastMask, 'float32', [1, 1, 1, 'p']);
  graph.input(cpuInputs.newMask, 'float32', [1, 1, 's', 's']);
  const lastDim = { start: 3, end: 4 };
  graph.add('Shape', { from: [cpuInputs.pastMask], to: 'past_rows', attributes: lastDim });
  graph.add('Shape', { from: [cpuInputs.newMask], to: 'new_rows', attributes: lastDim });
  graph.add('Concat', { from: ['past_rows', 'new_rows'], to: 'score_split', attributes: { axis: 0 } });
}
