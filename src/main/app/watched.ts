import { tellAll } from './tellAll';

type Listener<T> = (value: T) => void;

/** A value that others follow: each listener gets it at once and again after each change. */
export class Watched<T> {
  readonly #listeners = new Set<Listener<T>>();
  #value: T;

  constructor(
    value: T,
    private readonly reportBug: (bug: unknown) => void,
  ) {
    this.#value = value;
  }

  get value(): T {
    return this.#value;
  }

  /** Tells every listener; one that throws is reported and hinders nobody. */
  set(value: T): void {
    this.#value = value;
    tellAll(this.#listeners, value, this.reportBug);
  }

  /** Returns the function that ends it. */
  watch(listener: Listener<T>): () => void {
    this.#listeners.add(listener);
    listener(this.#value);
    return () => this.#listeners.delete(listener);
  }

  /** What `select` finds in the value, now or after a later change; rejects with what it throws. */
  async first<R>(select: (value: T) => R | null): Promise<R> {
    for (;;) {
      const found = select(this.#value);
      if (found !== null) return found;
      await this.#change();
    }
  }

  #change(): Promise<void> {
    return new Promise((resolve) => {
      const once = (): void => {
        this.#listeners.delete(once);
        resolve();
      };
      this.#listeners.add(once);
    });
  }
}
