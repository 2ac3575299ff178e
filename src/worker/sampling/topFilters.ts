import { highest, type LogitsProcessor } from './logitsProcessors';
import { softmaxWeight } from './softmaxWeight';

/** Leaves the `k` highest logits, and those equal to the last of them; the others become -Infinity. */
export const topK =
  (k: number): LogitsProcessor =>
  (logits) => {
    const best = highest(logits);
    const counts = new Uint32Array(bucketCount);
    for (let id = 0; id < logits.length; id++) {
      const logit = logits[id]!;
      if (logit > -Infinity) counts[bucketOf(best - logit)]!++;
    }
    let left = k;
    const bucket = counts.findIndex((count) => (left -= count) <= 0);
    if (bucket < 0) return; // no more than k are left
    const cut = inBucket(logits, best, bucket)[left + counts[bucket]! - 1]!;
    keepDownTo(logits, { logit: logits[cut]!, id: Infinity });
  };

/** Leaves the smallest set of tokens whose probability reaches `p`, never none: the most likely, lower ids first where they are equal.
 *  Nucleus sampling (arXiv:1904.09751). */
export const topP =
  (p: number): LogitsProcessor =>
  (logits) => {
    const best = highest(logits);
    const masses = new Float64Array(bucketCount);
    let total = 0;
    for (let id = 0; id < logits.length; id++) {
      const gap = best - logits[id]!;
      const mass = softmaxWeight(gap);
      masses[bucketOf(gap)]! += mass;
      total += mass;
    }
    let left = p * total;
    const bucket = masses.findIndex((mass) => (left -= mass) <= 0);
    if (bucket < 0) return; // rounding has left a crumb
    left += masses[bucket]!;
    const candidates = inBucket(logits, best, bucket);
    const cut = candidates.find((id) => (left -= softmaxWeight(best - logits[id]!)) <= 0) ?? candidates.at(-1)!;
    keepDownTo(logits, { logit: logits[cut]!, id: cut });
  };

/** Logits by their distance from the best, so that only the bucket with the cut needs sorting and never all 151,936. The last takes the rest. */
const bucketCount = 1024;
const bucketOf = (gap: number): number => Math.min(bucketCount - 1, gap * 16) | 0;

/** The ids in a bucket, the likeliest first, lower ids first where they are equal. */
function inBucket(logits: Float32Array, best: number, bucket: number): number[] {
  const ids: number[] = [];
  for (let id = 0; id < logits.length; id++)
    if (logits[id]! > -Infinity && bucketOf(best - logits[id]!) === bucket) ids.push(id);
  return ids.sort((a, b) => logits[b]! - logits[a]! || a - b);
}

/** Rules out what comes after `last` in that order. */
function keepDownTo(logits: Float32Array, last: { logit: number; id: number }): void {
  for (let id = 0; id < logits.length; id++) {
    const logit = logits[id]!;
    if (logit < last.logit || (logit === last.logit && id > last.id)) logits[id] = -Infinity;
  }
}
