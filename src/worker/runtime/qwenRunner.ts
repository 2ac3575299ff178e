/** One run of the graph over new tokens, at positions `start` and after. */
export type Step = {
  /** float32 [count, hiddenSize]: the embeddings of the new tokens. */
  readonly hidden: Float32Array;
  readonly count: number;
  /** Position of the first new token: so many rows of the cache are valid. Later rows are overwritten. */
  readonly start: number;
  /** How long the sequence is known to become: the whole prompt in each of its chunks. At least start + count. */
  readonly expectedLength: number;
  /** Dynamic NTK's alpha; the same for all rows of a cache. */
  readonly alpha: number;
  /** Which of the new tokens' logits are wanted, 0 to count - 1. */
  readonly logitRows: readonly number[];
};

/** Runs the graph on one device and owns the key and value cache there. */
export type QwenRunner = {
  /** Logits, float32 [logitRows.length, vocabularySize]. */
  run(step: Step): Promise<Float32Array>;
  /** Keys and values of a failed run may be no numbers: none of them counts any more, not even where it is masked. */
  forget(): void;
  /** Bytes that keys and values take now. */
  cacheBytes(): number;
  close(): Promise<void>;
};
