import type { Clock } from './clock';

/** Speed is that of the last seconds: long enough to be calm, short enough to notice a change. */
const windowMs = 8_000;
/** Before, a speed means nothing. */
const leastMs = 1_000;

/** How fast bytes come. */
export class SpeedMeter {
  #samples: { readonly atMs: number; readonly bytes: number }[] = [];
  readonly #startMs: number;

  constructor(private readonly clock: Clock) {
    this.#startMs = clock.nowMs();
  }

  add(bytes: number): void {
    const atMs = this.clock.nowMs();
    const last = this.#samples.at(-1);
    if (last !== undefined && atMs - last.atMs < 100)
      this.#samples[this.#samples.length - 1] = { ...last, bytes: last.bytes + bytes };
    else this.#samples.push({ atMs, bytes });
  }

  /** Null while that means nothing. */
  bytesPerSecond(): number | null {
    const nowMs = this.clock.nowMs();
    this.#samples = this.#samples.filter(({ atMs }) => nowMs - atMs <= windowMs);
    const spanMs = Math.min(windowMs, nowMs - this.#startMs);
    if (spanMs < leastMs) return null;
    return this.#samples.reduce((sum, { bytes }) => sum + bytes, 0) / (spanMs / 1000);
  }
}
