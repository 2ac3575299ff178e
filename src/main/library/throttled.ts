import { Watched } from '../app/watched';
import type { Clock } from '../download/clock';

const leastMs = 250;

/** A value that is composed anew when something changed, but a few times a second at most; the last change is never left out. */
export class Throttled<T> {
  readonly #watched: Watched<T>;
  readonly #closed = new AbortController();
  #toldAtMs = -Infinity;
  #isWaiting = false;

  constructor(
    private readonly compose: () => T,
    private readonly clock: Clock,
    reportBug: (bug: unknown) => void,
  ) {
    this.#watched = new Watched(compose(), reportBug);
  }

  /** The value at once, and again after changes, until the returned function is called. */
  watch(listener: (value: T) => void): () => void {
    return this.#watched.watch(listener);
  }

  changed(): void {
    if (this.#isWaiting || this.#closed.signal.aborted) return;
    const waitMs = this.#toldAtMs + leastMs - this.clock.nowMs();
    if (waitMs <= 0) return this.tell();
    this.#isWaiting = true;
    this.clock.wait(waitMs, this.#closed.signal).then(
      () => {
        this.#isWaiting = false;
        this.tell();
      },
      () => undefined, // closed: nobody listens any more
    );
  }

  /** Tells at once: what was asked for is done. */
  tell(): void {
    if (this.#closed.signal.aborted) return;
    this.#toldAtMs = this.clock.nowMs();
    this.#watched.set(this.compose());
  }

  close(): void {
    this.#closed.abort();
  }
}
