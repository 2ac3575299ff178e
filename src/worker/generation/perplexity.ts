import type { QwenModel } from '../runtime/qwenModel';

/** Half-open ranges of target positions. */
export type Span = readonly [start: number, end: number];

/** Mean negative log-likelihood, in nats, of the tokens at positions 1 and after of each sequence, given those before it; where spans
 *  are given, only of the positions inside them. */
export async function perplexity(
  model: QwenModel,
  sequences: readonly (readonly number[])[],
  spans?: readonly (readonly Span[])[],
): Promise<{ meanNll: number; tokens: number }> {
  let sum = 0;
  let tokens = 0;
  for (const [index, ids] of sequences.entries()) {
    const isWanted = (position: number) =>
      position < ids.length && (!spans || spans[index]!.some(([start, end]) => start <= position && position < end));
    await model.visitLogits(ids, (position, logits) => {
      if (!isWanted(position + 1)) return;
      sum += logSumExp(logits) - logits[ids[position + 1]!]!;
      tokens++;
    });
  }
  return { meanNll: tokens === 0 ? 0 : sum / tokens, tokens };
}

function logSumExp(logits: Float32Array): number {
  const largest = logits.reduce((a, b) => Math.max(a, b));
  let sum = 0;
  for (const logit of logits) sum += Math.exp(logit - largest);
  return largest + Math.log(sum);
}
