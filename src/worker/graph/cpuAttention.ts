import type { FloatType } from '../checkpoint/floatType';
import { GraphBuilder, type Value } from './graphBuilder';
import type { GraphContext } from './graphContext';
import { onnxTypes } from './onnxFile';
import type { StoredWeights } from './weightSource';

/** Names of the inputs and outputs that CPU attention adds to the graph. */
export const cpuInputs = {
  cos: 'rope_cos',
  sin: 'rope_sin',
  queryCos: 'query_rope_cos',
  querySin: 'query_rope_sin',
  mask: 'mask',
  scoreSplit: 'score_split',
  groups: 'qkv_groups',
} as const;

/** The number format of cached keys and values. Float16 is half as much to keep and to read; a model whose weights are not quantized
 *  computes in float32 throughout. */
export const cpuCacheType = (weights: StoredWeights): FloatType =>
  weights.weight('lm_head.weight').encoding === 'plain' ? 'float32' : 'float16';

/** Causal attention that gives out only the new keys and values, since the Node binding copies every CPU output: fetching
 *  the whole cache would cost gigabytes a token. [1, s, 3·hidden] → [1, s, hidden]. Source: QWenAttention, modeling_qwen.py.
 *
 *    qkv ─ split heads ─┬─ q ─ scaled RoPE ─┬─ · past_kᵀ ─┐
 *                       ├─ k ─ RoPE ─ new_k ┴─ · new_kᵀ ──┴─ Concat ─ + mask ─ Softmax ─ Split
 *                       └─ v ─ new_v ────── probabilities · (past_v, new_v) ─ Add ─ merge heads
 *
 *  past_k, past_v: `cpuCacheType` [g, heads/g, p, d], heads in groups, rows beyond the cached ones masked; new_k, new_v: the same, [g, heads/g, s, d];
 *  mask: float32 [1, 1, s, p + s], added to the scores; score_split: int64 [p, s]; qkv_groups: int64 [s, 3g, heads/g, d]; rope_cos, rope_sin: [s, d/2],
 *  the rows of the new positions; query_rope_cos, query_rope_sin: the same, times what a score is scaled by, log-n/√d. A rotation is linear, so the
 *  query carries the scale; as a factor of the product it would keep MLAS from its kernels for one row, which halve the time of the scores of a
 *  decoded token.
 *
 *  The cache is taken a group of heads at a time, so that what becomes float32 there stays in the processor's cache until it is multiplied. Both
 *  the cast and the product give each thread heads of its own; where one thread wrote what another reads, it took five times as long on two
 *  cores that share no cache. */
export function cpuAttention(context: GraphContext, layer: number, qkv: Value): Value {
  const { graph, config } = context;
  const at = (name: string) => `h${layer}/${name}`;
  const { query, key, value } = splitAndRotate(context, layer, qkv);
  const pastScores = overCache(context, {
    ...{ rows: query, cache: `past_k${layer}`, to: at('past_scores') },
    attributes: { transB: 1 },
  });
  const newScores = graph.add('FusedMatMul', {
    from: [query, key],
    to: at('new_scores'),
    attributes: { transB: 1 },
  });
  const { past, fresh } = softmaxOverBoth(context, layer, { pastScores, newScores });
  const pastOut = overCache(context, { rows: past, cache: `past_v${layer}`, to: at('past_out'), attributes: {} });
  const newOut = graph.add('MatMul', { from: [fresh, value], to: at('new_out') });
  const sum = graph.add('Add', { from: [pastOut, newOut], to: at('attention') });
  const merged = graph.add('Transpose', { from: [sum], to: at('merged'), attributes: { perm: [2, 0, 1, 3] } });
  return graph.add('Reshape', {
    from: [merged, graph.int64('hidden_shape', [1, -1, config.hiddenSize])],
    to: at('attention_out'),
  });
}

/** Query, key and value, [g, heads/g, s, d] each; the graph gives out the new rows of the cache. */
function splitAndRotate(context: GraphContext, layer: number, qkv: Value) {
  const { graph } = context;
  const at = (name: string) => `h${layer}/${name}`;
  const inGroups = graph.add('Reshape', { from: [qkv, cpuInputs.groups], to: at('qkv_groups') });
  const byHead = graph.add('Transpose', {
    from: [inGroups],
    to: at('qkv_by_head'),
    attributes: { perm: [1, 2, 0, 3] },
  });
  graph.add('Split', { from: [byHead], to: [at('q'), at('k'), at('v')], attributes: { axis: 0, num_outputs: 3 } });
  const rotate = (x: Value, ...tables: readonly Value[]) =>
    graph.add('RotaryEmbedding', {
      from: [x, graph.int64('first_row', [0]), ...tables],
      to: `${x}_rotated`,
      attributes: { interleaved: 0 },
    });
  const query = rotate(at('q'), cpuInputs.queryCos, cpuInputs.querySin);
  const key = rotate(at('k'), cpuInputs.cos, cpuInputs.sin);
  giveOut(context, key, `new_k${layer}`);
  giveOut(context, at('v'), `new_v${layer}`);
  return { query, key, value: at('v') };
}

/** New rows for the cache. */
function giveOut({ graph, config, weights }: GraphContext, rows: Value, name: string): void {
  const type = cpuCacheType(weights);
  graph.add('Cast', { from: [rows], to: name, attributes: { to: onnxTypes[type] } });
  graph.output(name, type, ['g', 'h', 's', config.headSize]);
}

type CacheProduct = {
  /** [g, heads/g, s, n] */
  rows: Value;
  /** The name of the input, [g, heads/g, p, d]. */
  cache: string;
  to: string;
  attributes: Readonly<Record<string, number>>;
};

/** rows · cache, group by group, [g, heads/g, s, p or d]. */
function overCache({ graph, config, weights }: GraphContext, { rows, cache, to, attributes }: CacheProduct): Value {
  const type = cpuCacheType(weights);
  const body = new GraphBuilder();
  const groupRows = body.input(`${to}/rows`, 'float32', ['h', 's', 'n']);
  const stored = body.input(`${to}/stored`, type, ['h', 'p', config.headSize]);
  const group =
    type === 'float32' ? stored : body.add('Cast', { from: [stored], to: `${to}/cache`, attributes: { to: 1 } });
  const product = body.add('FusedMatMul', { from: [groupRows, group], to: `${to}/group`, attributes });
  body.output(product, 'float32', ['h', 's', 'm']);
  return graph.add('Scan', {
    from: [rows, graph.input(cache, type, ['g', 'h', 'p', config.headSize])],
    to,
    attributes: { body: { graph: body.graph() }, num_scan_inputs: 2 },
  });
}

/** One softmax over past and new scores together; gives the probabilities back in the two parts. */
function softmaxOverBoth(
  { graph }: GraphContext,
  layer: number,
  { pastScores, newScores }: { pastScores: Value; newScores: Value },
) {
  const at = (name: string) => `h${layer}/${name}`;
  const scores = graph.add('Concat', { from: [pastScores, newScores], to: at('scores'), attributes: { axis: -1 } });
  const masked = graph.add('Add', { from: [scores, cpuInputs.mask], to: at('masked') });
  const probabilities = graph.add('Softmax', { from: [masked], to: at('probabilities'), attributes: { axis: -1 } });
  const [past, fresh] = [at('past_probabilities'), at('new_probabilities')];
  graph.add('Split', { from: [probabilities, cpuInputs.scoreSplit], to: [past, fresh], attributes: { axis: -1 } });
  return { past, fresh };
}

/** Declares the inputs that all layers share. */
export function declareCpuInputs({ graph, config }: GraphContext): void {
  const { cos, sin, queryCos, querySin, mask, scoreSplit, groups } = cpuInputs;
  for (const name of [cos, sin, queryCos, querySin]) graph.input(name, 'float32', ['s', config.headSize / 2]);
  graph.input(mask, 'float32', [1, 1, 's', 't']);
  graph.input(scoreSplit, 'int64', [2]);
  graph.input(groups, 'int64', [4]);
}
