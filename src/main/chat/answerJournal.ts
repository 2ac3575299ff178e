const longestDelayMs = 250;
const mostTokens = 32;

/**
 * Stores a growing text in batches: what is on disk is at most 250 ms or 32 tokens behind. A batch that cannot be
 * stored goes with the next one, so that no text is stored with a gap.
 */
export class AnswerJournal {
  #unsaved = '';
  #tokens = 0;
  #timer: NodeJS.Timeout | null = null;
  #isSaving = false;
  #isClosed = false;

  /** `save` appends to the stored text, all of what it is given or nothing. `onFailure` hears when it fails. */
  constructor(
    private readonly save: (text: string) => Promise<void>,
    private readonly onFailure: (error: unknown) => void,
  ) {}

  add(text: string, tokens: number): void {
    this.#unsaved += text;
    this.#tokens += tokens;
    if (this.#tokens >= mostTokens) void this.#flush();
    else this.#flushSoon();
  }

  /** Nothing is saved after this: the end of an answer is stored with its whole text. */
  close(): void {
    this.#isClosed = true;
    this.#stopTimer();
  }

  #flushSoon(): void {
    if (!this.#isClosed) this.#timer ??= setTimeout(() => void this.#flush(), longestDelayMs);
  }

  #stopTimer(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }

  async #flush(): Promise<void> {
    this.#stopTimer();
    const text = this.#unsaved;
    if (text === '' || this.#isSaving || this.#isClosed) return;
    [this.#unsaved, this.#tokens, this.#isSaving] = ['', 0, true];
    try {
      await this.save(text);
    } catch (error) {
      this.#unsaved = text + this.#unsaved;
      this.onFailure(error);
    } finally {
      this.#isSaving = false;
      if (this.#unsaved !== '') this.#flushSoon();
    }
  }
}
