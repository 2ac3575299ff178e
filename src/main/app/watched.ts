type Listener<T> = (value: T) => void;

/** A value that others follow: each listener gets it at once and again after each change. */
export class Watched<T> {
  readonly #listeners = new Set<Listener<T>>();
  #value: T;

  constructor(value: T) {
    this.#value = value;
  }

  get value(): T {
    return this.#value;
  }

  set(value: T): void {
    this.#value = value;
    for (const listener of [...this.#listeners]) listener(value);
  }

  /** Returns the function that ends it. */
  watch(listener: Listener<T>): () => void {
    this.#listeners.add(listener);
    listener(this.#value);
    return () => this.#listeners.delete(listener);
  }
}
