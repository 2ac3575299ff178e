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
    const { above, inside } = downToBucket(logits, best, bucket);
    const cut = logits[inside[left + counts[bucket]! - 1]!]!;
    keepOnly(logits, [...above, ...inside.filter((id) => logits[id]! >= cut)]);
  };

/** Leaves the smallest set of tokens whose probability reaches `p`, never none: the most likely, lower ids first where they are equal.
 *  Nucleus sampling (arXiv:1904.09751). */
export const topP =
  (p: number): LogitsProcessor =>
  (logits) => {
    const best = highest(logits);
    const masses = new Float64Array(bucketCount);
    for (let id = 0; id < logits.length; id++) {
      const gap = best - logits[id]!;
      if (gap < farthest) masses[(gap * bucketsPerLogit) | 0]! += softmaxWeight(gap);
    }
    let left = p * masses.reduce((a, b) => a + b);
    const bucket = masses.findIndex((mass) => (left -= mass) <= 0);
    if (bucket < 0) return; // rounding has left a crumb
    left += masses[bucket]!;
    const { above, inside } = downToBucket(logits, best, bucket);
    const last = inside.findIndex((id) => (left -= softmaxWeight(best - logits[id]!)) <= 0);
    keepOnly(logits, [...above, ...(last < 0 ? inside : inside.slice(0, last + 1))]);
  };

/** Logits by their distance from the best, so that only the bucket with the cut needs sorting and never all 151,936. The last takes the rest. */
const bucketCount = 1024;
const bucketsPerLogit = 16;
const farthest = bucketCount / bucketsPerLogit;
const bucketOf = (gap: number): number => (gap < farthest ? (gap * bucketsPerLogit) | 0 : bucketCount - 1);

/** The ids in the buckets before `bucket`, in any order, and those inside it, the likeliest first, lower ids first where they are equal.
 *  Few ids are near the best logit, so most fall out at one comparison. */
function downToBucket(logits: Float32Array, best: number, bucket: number): { above: number[]; inside: number[] } {
  const above: number[] = [];
  const inside: number[] = [];
  const end = bucket === bucketCount - 1 ? Infinity : (bucket + 1) / bucketsPerLogit;
  for (let id = 0; id < logits.length; id++) {
    const gap = best - logits[id]!;
    if (gap < end) (bucketOf(gap) < bucket ? above : inside).push(id);
  }
  return { above, inside: inside.sort((a, b) => logits[b]! - logits[a]! || a - b) };
}

/** Rules out all but `ids`. */
function keepOnly(logits: Float32Array, ids: readonly number[]): void {
  const kept = ids.map((id) => logits[id]!);
  logits.fill(-Infinity);
  for (const [i, id] of ids.entries()) logits[id] = kept[i]!;
}
