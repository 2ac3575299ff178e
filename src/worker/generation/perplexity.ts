import type { QwenModel } from '../runtime/qwenModel';

/** Half-open ranges of target positions. */
export type Span = readonly [start: number, end: number];

type Sequences = readonly (readonly number[])[];

/** The positions whose tokens are foreseen: those of each sequence that have a token before them; where spans are given, only the
 *  ones inside them. */
export const targetsOf = (sequences: Sequences, spans?: readonly (readonly Span[])[]): ReadonlySet<number>[] =>
  sequences.map((ids, index) => {
    const positions = Array.from(ids.keys()).slice(1);
    const isWanted = (position: number) =>
      !spans || spans[index]!.some(([start, end]) => start <= position && position < end);
    return new Set(positions.filter(isWanted));
  });

/** Mean negative log-likelihood, in nats, of the tokens at `targetsOf`, given those before them. There must be one. */
export async function perplexity(
  model: QwenModel,
  sequences: Sequences,
  spans?: readonly (readonly Span[])[],
): Promise<{ meanNll: number; tokens: number }> {
  const targets = targetsOf(sequences, spans);
  const tokens = targets.reduce((count, { size }) => count + size, 0);
  if (tokens === 0) throw new RangeError('no token is to be foreseen');
  let sum = 0;
  for (const [index, ids] of sequences.entries())
    await model.visitLogits(ids, (position, logits) => {
      if (targets[index]!.has(position + 1)) sum += logSumExp(logits) - logits[ids[position + 1]!]!;
    });
  return { meanNll: sum / tokens, tokens };
}

function logSumExp(logits: Float32Array): number {
  const largest = logits.reduce((a, b) => Math.max(a, b));
  let sum = 0;
  for (const logit of logits) sum += Math.exp(logit - largest);
  return largest + Math.log(sum);
}
