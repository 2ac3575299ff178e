/** Rewrites `logits` (float32 [vocabularySize], finite or -Infinity) in place, given the token ids so far. Each follows the processor of
 *  the same purpose in Hugging Face's generation/logits_process.py. */
export type LogitsProcessor = (logits: Float32Array, ids: readonly number[]) => void;

/** Rules out `firstId` and every id after it: control tokens that no answer has, and padding rows without a token. */
export const maskFrom =
  (firstId: number): LogitsProcessor =>
  (logits) => {
    logits.fill(-Infinity, firstId);
  };

/** Makes tokens already in `ids` less likely, each once however often it occurs; 1 changes nothing. CTRL (arXiv:1909.05858); signs as in HF. */
export function repetitionPenalty(penalty: number): LogitsProcessor {
  let seen = new Uint32Array(0); // the step in which an id was last met: clearing a set of thousands for each token costs more
  let step = 0;
  return (logits, ids) => {
    if (seen.length !== logits.length) seen = new Uint32Array(logits.length);
    step++;
    for (const id of ids) {
      if (seen[id] === step) continue;
      seen[id] = step;
      const logit = logits[id]!;
      logits[id] = logit > 0 ? logit / penalty : logit * penalty;
    }
  };
}

/** Sharpens (below 1) or flattens (above 1) the distribution. The best logit becomes 0, so that none can overflow. */
export const temperature =
  (value: number): LogitsProcessor =>
  (logits) => {
    const best = highest(logits);
    for (let id = 0; id < logits.length; id++) logits[id] = (logits[id]! - best) / value;
  };

/** The highest logit. A plain loop, since Math.max takes no 151,936 arguments; four at a time, since each comparison waits for the one before. */
export function highest(logits: Float32Array): number {
  let [a, b, c, d] = [-Infinity, -Infinity, -Infinity, -Infinity];
  let id = 0;
  for (; id + 3 < logits.length; id += 4) {
    if (logits[id]! > a) a = logits[id]!;
    if (logits[id + 1]! > b) b = logits[id + 1]!;
    if (logits[id + 2]! > c) c = logits[id + 2]!;
    if (logits[id + 3]! > d) d = logits[id + 3]!;
  }
  return Math.max(a, b, c, d, ...logits.subarray(id));
}
