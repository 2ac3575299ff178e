import type { Clock } from './clock';

/** How many bytes a second all downloads together may take: a bucket that holds one second's worth. */
export class BandwidthLimit {
  #bytesPerSecond: number | null = null;
  #tokens = 0;
  #filledAtMs = 0;
  #change = new AbortController();

  constructor(private readonly clock: Clock) {}

  /** Also for those who are waiting. Null: as fast as it goes. */
  set(bytesPerSecond: number | null): void {
    this.#fill();
    this.#tokens = Math.min(this.#tokens, bytesPerSecond ?? 0);
    this.#bytesPerSecond = bytesPerSecond;
    this.#change.abort();
    this.#change = new AbortController();
  }

  /** Resolves when `bytes` that have just arrived are within the limit. Rejects with the signal's reason. */
  async take(bytes: number, signal: AbortSignal): Promise<void> {
    if (this.#bytesPerSecond === null) return;
    this.#fill();
    this.#tokens -= bytes; // may go below zero: whoever comes next waits for what was taken before
    while (this.#bytesPerSecond !== null && this.#tokens < 0) {
      const missingMs = (-this.#tokens / this.#bytesPerSecond) * 1000;
      await this.#waitOrChange(missingMs, signal);
      this.#fill();
    }
  }

  async #waitOrChange(ms: number, signal: AbortSignal): Promise<void> {
    const change = this.#change.signal;
    try {
      await this.clock.wait(ms, AbortSignal.any([signal, change]));
    } catch (error) {
      signal.throwIfAborted();
      if (!change.aborted) throw error;
    }
  }

  #fill(): void {
    const nowMs = this.clock.nowMs();
    if (this.#bytesPerSecond !== null) {
      const added = ((nowMs - this.#filledAtMs) / 1000) * this.#bytesPerSecond;
      this.#tokens = Math.min(this.#tokens + added, this.#bytesPerSecond);
    }
    this.#filledAtMs = nowMs;
  }
}
