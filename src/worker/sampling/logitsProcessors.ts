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
