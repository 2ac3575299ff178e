import type { LogitsKernel } from './logitsKernel';
import { softmaxWeight } from './softmaxWeight';

/** The ids of the `k` highest logits, and of those equal to the last of them, ascending. */
export function topK(kernel: LogitsKernel, k: number): Uint32Array {
  const { ids, last } = reach(kernel, { share: () => 1, target: k });
  return keep(kernel, ids, { ...last, id: Infinity });
}

/** The ids of the smallest set of tokens whose probability reaches `p`, never none, ascending: the most likely, lower ids first where they
 *  are equal. Among `from`, by default all tokens. Nucleus sampling (arXiv:1904.09751). */
export function topP(kernel: LogitsKernel, p: number, from?: Uint32Array): Uint32Array {
  const total = from ? kernel.weights(from).reduce((a, b) => a + b, 0) : kernel.weigh().total;
  const { ids, last } = reach(kernel, { share: softmaxWeight, target: p * total }, from);
  return keep(kernel, ids, last);
}

/** What a token adds to the target, by the distance of its logit from the best. */
type Goal = { share: (gap: number) => number; target: number };

type Token = { logit: number; id: number };

/** How far below the best logit tokens are sought at first: of 151,936 few are near it, and to search all costs less than to weigh many. */
const nearGaps = [4, 8, 12, 16, 20, 24];

/** Adds up shares, the most likely token first, lower ids first where they are equal. Gives the last one that the target takes, or one
 *  behind all where they do not reach it, and ids that have all of those among them. */
function reach(kernel: LogitsKernel, goal: Goal, from?: Uint32Array): { ids: Uint32Array; last: Token } {
  for (const gap of from ? [] : nearGaps) {
    const ids = kernel.within(gap);
    const last = lastOf(kernel, goal, ids);
    if (last) return { ids, last };
  }
  const ids = from ?? kernel.within(Infinity);
  return { ids, last: lastOf(kernel, goal, ids) ?? { logit: -Infinity, id: Infinity } };
}

/** A copy of `ids` without those that come after the last one. */
function keep({ logits }: LogitsKernel, ids: Uint32Array, last: Token): Uint32Array {
  const kept = new Uint32Array(ids.length);
  let count = 0;
  for (const id of ids) {
    const logit = logits[id]!;
    kept[count] = id;
    if (logit > last.logit || (logit === last.logit && id <= last.id)) count++;
  }
  return kept.slice(0, count);
}

/** Logits by their distance from the best, so that only the bucket with the cut needs sorting. The last takes the rest. */
const bucketCount = 1024;
const bucketsPerLogit = 16;
const bucketOf = (gap: number): number => Math.min(gap * bucketsPerLogit, bucketCount - 1) | 0;

/** Undefined where the shares of `ids` do not reach the target. */
function lastOf({ logits, best }: LogitsKernel, { share, target }: Goal, ids: Uint32Array): Token | undefined {
  const shares = new Float64Array(bucketCount);
  for (const id of ids) {
    const gap = best - logits[id]!;
    shares[bucketOf(gap)]! += share(gap);
  }
  let left = target;
  const bucket = shares.findIndex((sum) => (left -= sum) <= 0);
  if (bucket < 0) return undefined;
  left += shares[bucket]!;
  const inside = ids.filter((id) => bucketOf(best - logits[id]!) === bucket);
  inside.sort((a, b) => logits[b]! - logits[a]! || a - b);
  const id = inside.find((candidate) => (left -= share(best - logits[candidate]!)) <= 0) ?? inside.at(-1)!;
  return { logit: logits[id]!, id };
}
