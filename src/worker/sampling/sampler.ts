import { highest } from './logitsProcessors';
import { softmaxWeight } from './softmaxWeight';

/** Chooses a token id from `logits` (float32 [vocabularySize], finite or -Infinity, not all -Infinity). */
export type Sampler = (logits: Float32Array) => number;

/** The highest logit; the lowest id where several are equal. */
export const greedy: Sampler = (logits) => {
  let best = 0;
  for (let id = 1; id < logits.length; id++) if (logits[id]! > logits[best]!) best = id;
  return best;
};

/** Draws each token with its softmax probability. `random` gives numbers in [0, 1). */
export const multinomial =
  (random: () => number): Sampler =>
  (logits) => {
    const best = highest(logits);
    let total = 0;
    for (let id = 0; id < logits.length; id++) {
      const logit = logits[id]!;
      if (logit > -Infinity) total += softmaxWeight(best - logit); // after a filter most are ruled out
    }
    let left = random() * total;
    let last = 0;
    for (let id = 0; id < logits.length && left >= 0; id++) {
      const logit = logits[id]!;
      if (logit === -Infinity) continue;
      const weight = softmaxWeight(best - logit);
      if (weight > 0) last = id;
      left -= weight;
    }
    return last; // the last possible one where rounding has left a crumb
  };
