import type { Message, MessageId } from '../../shared/conversation';
import type { ChatEvent } from '../../shared/ipc/routes/chat';
import { toWireError } from '../../shared/wireError';
import type { AnswerEnd } from '../conversations/messageRepository';

const retryAfterMs = 5_000;

type Options = {
  /** Stores the end of an answer and says what those who watch have to know. */
  readonly save: (message: Message, end: AnswerEnd) => Promise<ChatEvent[]>;
  readonly announce: (message: Message, events: readonly ChatEvent[]) => void;
  readonly reportBug: (bug: unknown) => void;
};
type Kept = { readonly message: Message; readonly end: AnswerEnd; readonly shown: Message };

/** The ends of answers. What cannot be stored (a full disk) is kept, shown as an error with its text, and tried again. */
export class AnswerEnds {
  readonly #kept = new Map<MessageId, Kept>();
  #retrying: Promise<void> | null = null;
  #timer: NodeJS.Timeout | null = null;

  constructor(private readonly options: Options) {}

  /** Never rejects: what the window is told instead of the end says why it is not stored. */
  async store(message: Message, end: AnswerEnd): Promise<readonly ChatEvent[]> {
    try {
      return await this.options.save(message, end);
    } catch (error) {
      const wire = toWireError(error, this.options.reportBug);
      const shown: Message = { ...message, ...end, state: 'error', error: wire };
      this.#kept.set(message.id, { message, end, shown });
      this.#retryLater();
      return [{ kind: 'message', message: shown }];
    }
  }

  /** Tries again what is kept. What still cannot be stored stays. */
  retry(): Promise<void> {
    if (this.#kept.size === 0) return Promise.resolve();
    this.#retrying ??= this.#retryAll().finally(() => (this.#retrying = null));
    return this.#retrying;
  }

  /** A message as it ended, where the store does not know it yet. */
  complete = (message: Message): Message => this.#kept.get(message.id)?.shown ?? message;

  has = (id: MessageId): boolean => this.#kept.has(id);

  /** The last try. Words that are lost with the process are worth a line in the log. */
  async close(): Promise<void> {
    await this.retry();
    if (this.#timer !== null) clearTimeout(this.#timer);
    if (this.#kept.size > 0) this.options.reportBug(new Error(`Answers that could not be stored: ${this.#kept.size}.`));
  }

  async #retryAll(): Promise<void> {
    for (const { message, end } of [...this.#kept.values()]) {
      try {
        const events = await this.options.save(message, end);
        this.#kept.delete(message.id);
        this.options.announce(message, events);
      } catch {
        return this.#retryLater(); // why is known from the first time
      }
    }
  }

  #retryLater(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.retry(), retryAfterMs).unref();
  }
}
