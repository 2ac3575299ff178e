import type { GraphBuilder, Value } from './graphBuilder';

/** 0 when every element of `stream` is finite, NaN otherwise: float32 [1, 1, 1], to be added to the logits.
 *
 *    stream [1, s, hidden] ─ Cast ─ ReduceL1 ─ ReduceSum ─┬─ Sub ─ mark
 *                                                         └───┘
 *
 *  Why: bfloat16 holds magnitudes far beyond float16's 65,504. An infinity stays in the residual stream, but what is computed
 *  from it may be finite again: a norm divides by it, a maximum ignores NaN, and shaders may assume that neither occurs. The
 *  sum is taken over all tokens, since a later one reads the keys and values of an earlier one. */
export function overflowMark(graph: GraphBuilder, stream: Value): Value {
  const at = (name: string) => `${stream}/${name}`;
  const wide = graph.add('Cast', { from: [stream], to: at('float32'), attributes: { to: 1 } });
  const byToken = graph.add('ReduceL1', { from: [wide, graph.int64('channel_axis', [2])], to: at('magnitudes') });
  const all = graph.add('ReduceSum', { from: [byToken, graph.int64('token_axis', [1])], to: at('magnitude') });
  return graph.add('Sub', { from: [all, all], to: at('overflow_mark') });
}
