const longestDelayMs = 250;
const mostTokens = 32;

/** Stores a growing text in batches: what is on disk is at most 250 ms or 32 tokens behind. */
export class AnswerJournal {
  #unsaved = '';
  #tokens = 0;
  #timer: NodeJS.Timeout | null = null;

  /** `save` appends to the stored text; its calls must take effect in order. `onFailure` hears when one fails. */
  constructor(
    private readonly save: (text: string) => Promise<void>,
    private readonly onFailure: (error: unknown) => void,
  ) {}

  add(text: string, tokens: number): void {
    this.#unsaved += text;
    this.#tokens += tokens;
    if (this.#tokens >= mostTokens) this.#flush();
    else this.#timer ??= setTimeout(() => this.#flush(), longestDelayMs);
  }

  /** Nothing is saved after this: the end of an answer is stored with its whole text. */
  close(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#unsaved = '';
  }

  #flush(): void {
    const text = this.#unsaved;
    this.close();
    this.#tokens = 0;
    if (text !== '') this.save(text).catch(this.onFailure);
  }
}
