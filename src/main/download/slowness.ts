import type { Clock } from './clock';

/** What a source did so long ago says nothing of how it is now. */
const memoryMs = 600_000;
const shortestWindowMs = 30_000;
const longestWindowMs = 480_000;

/** How often a source was too slow of late, or broke off after next to nothing. */
export class Slowness {
  #atMs: number[] = [];

  constructor(private readonly clock: Clock) {}

  get times(): number {
    const nowMs = this.clock.nowMs();
    this.#atMs = this.#atMs.filter((atMs) => nowMs - atMs < memoryMs);
    return this.#atMs.length;
  }

  /** Requests that ran at the same time and were slow together count once: `sinceMs` is when this one began. */
  note(sinceMs: number): void {
    if (this.#atMs.every((atMs) => atMs < sinceMs)) this.#atMs.push(this.clock.nowMs());
  }

  /** Whether another source is to be asked first: a new connection to the same one comes before that. */
  get rank(): number {
    return Math.floor(this.times / 2);
  }
}

/** How long a request may be slow, when each of the sources that could be asked was slow at least so often: a line that is slow
 *  for everybody is left alone for longer and longer. */
export const slowWindowMs = (times: number): number => Math.min(shortestWindowMs * 2 ** times, longestWindowMs);
