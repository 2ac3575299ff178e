/** Wakes those who wait for something to change; they look for themselves whether it is what they wait for. */
export class Bell {
  #ring!: () => void;
  #next!: Promise<void>;

  constructor() {
    this.#hang();
  }

  ring(): void {
    this.#ring();
    this.#hang();
  }

  /** Resolves at the next ring. */
  next = (): Promise<void> => this.#next;

  #hang(): void {
    this.#next = new Promise((resolve) => {
      this.#ring = resolve;
    });
  }
}
