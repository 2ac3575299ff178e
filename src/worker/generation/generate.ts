import type { FinishReason } from '../../shared/generation';
import type { QwenModel } from '../runtime/qwenModel';
import type { NextToken } from '../sampling/createNextToken';

export type GenerateOptions = {
  nextToken: NextToken;
  /** Tokens that end an answer and are no part of it. */
  stopIds: ReadonlySet<number>;
  /** At least 1. The end of the context ends an answer too. */
  maxNewTokens: number;
  signal: AbortSignal;
  onPrefill: (done: number, total: number) => void;
  onToken: (id: number) => void;
};

export type Generated = {
  /** The answer's tokens. */
  ids: number[];
  finishReason: FinishReason;
  reusedTokens: number;
  /** From the call to the first token, a stop token included. */
  timeToFirstTokenMs: number;
  /** Of the tokens after the first. */
  tokensPerSecond: number;
};

/** The whole loop: prefill, then one token after another. `signal` is looked at before each of them. */
export async function generate(
  model: QwenModel,
  promptIds: readonly number[],
  { nextToken, stopIds, maxNewTokens, signal, onPrefill, onToken }: GenerateOptions,
): Promise<Generated> {
  const clock = new GenerationClock();
  const ids = [...promptIds];
  const end = (finishReason: FinishReason, reusedTokens: number): Generated => {
    const answer = ids.slice(promptIds.length);
    return { ids: answer, finishReason, reusedTokens, ...clock.read(answer.length) };
  };
  const prefilled = await model.prefill(ids, { signal, onProgress: onPrefill });
  if (prefilled === null) return end('aborted', 0);
  const { reusedTokens } = prefilled;
  for (let { logits } = prefilled; ; logits = await model.decode(ids.at(-1)!)) {
    if (signal.aborted) return end('aborted', reusedTokens);
    const id = nextToken(logits, ids);
    clock.tick();
    if (stopIds.has(id)) return end('stop', reusedTokens);
    ids.push(id);
    onToken(id);
    const isFull = ids.length === promptIds.length + maxNewTokens || ids.length === model.contextLength;
    if (isFull) return end('length', reusedTokens);
  }
}

class GenerationClock {
  readonly #startMs = performance.now();
  #firstTokenMs: number | undefined;
  #lastTokenMs = this.#startMs;

  tick(): void {
    this.#lastTokenMs = performance.now();
    this.#firstTokenMs ??= this.#lastTokenMs;
  }

  read(tokens: number): Pick<Generated, 'timeToFirstTokenMs' | 'tokensPerSecond'> {
    const firstTokenMs = this.#firstTokenMs ?? performance.now();
    const decodeMs = this.#lastTokenMs - firstTokenMs;
    return {
      timeToFirstTokenMs: firstTokenMs - this.#startMs,
      tokensPerSecond: tokens > 1 && decodeMs > 0 ? ((tokens - 1) / decodeMs) * 1000 : 0,
    };
  }
}
