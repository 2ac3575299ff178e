/** The open streams of all windows, by the number each window gave its own. */
export class OpenStreams {
  readonly #closers = new Map<number, Map<number, () => void>>();

  add(owner: number, id: number, close: () => void): void {
    this.close(owner, id); // a number used twice would leave the first without a way to close it
    const mine = this.#closers.get(owner) ?? new Map<number, () => void>();
    this.#closers.set(owner, mine.set(id, close));
  }

  close(owner: number, id: number): void {
    this.#closers.get(owner)?.get(id)?.();
    this.#closers.get(owner)?.delete(id);
  }

  /** The window's page is gone. */
  closeAll(owner: number): void {
    for (const close of this.#closers.get(owner)?.values() ?? []) close();
    this.#closers.delete(owner);
  }
}
