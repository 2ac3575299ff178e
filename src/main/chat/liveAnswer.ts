import type { Message, MessageState, Provenance } from '../../shared/conversation';
import type { ChatEvent } from '../../shared/ipc/routes/chat';

const joinedForMs = 16;
const patienceMs = 5_000;

/** Thrown into a turn that ends without a word from the worker. */
export class AnswerLeft extends Error {
  constructor(readonly state: Extract<MessageState, 'stopped' | 'interrupted'>) {
    super(`The answer was left: ${state}.`);
  }
}

type Prefill = Extract<ChatEvent, { kind: 'prefill' }>;

/** An answer while it is being written: main's own copy of its text, ahead of what is stored. */
export class LiveAnswer {
  readonly #stopped = new AbortController();
  readonly #left = new AbortController();
  #text = '';
  #announced = 0;
  #timer: NodeJS.Timeout | null = null;
  #prefill: Prefill | null = null;
  #provenance: Provenance | null = null;
  /** The worker is writing it; otherwise it waits for its turn or for the model. */
  isInWorker = false;
  /** Resolves when the worker is done with it: later than its end, if it was left. */
  isReleased: Promise<void> = Promise.resolve();

  constructor(
    readonly message: Message,
    private readonly emit: (event: ChatEvent) => void,
  ) {}

  get text(): string {
    return this.#text;
  }

  /** What makes it, once the worker has it. */
  get provenance(): Provenance | null {
    return this.#provenance;
  }

  /** The answer as it is now. */
  get current(): Message {
    return { ...this.message, text: this.#text, provenance: this.#provenance };
  }

  /** The worker begins with it; those who watch learn what makes it. */
  begin(provenance: Provenance): void {
    this.isInWorker = true;
    this.#provenance = provenance;
    this.emit({ kind: 'message', message: this.current });
  }

  /** The user wants no more. */
  get stopSignal(): AbortSignal {
    return this.#stopped.signal;
  }

  /** The turn ends with what there is. */
  get leaveSignal(): AbortSignal {
    return this.#left.signal;
  }

  /** How far the reading of the prompt is, for those who begin to watch in the middle of it. */
  get prefill(): Prefill | null {
    return this.#text === '' ? this.#prefill : null;
  }

  /** Adds text; those who watch get it joined with what comes within a frame of the screen. */
  append(text: string): void {
    this.#text += text;
    this.#timer ??= setTimeout(() => this.announce(), joinedForMs);
  }

  /** Tells those who watch what they do not have yet. */
  announce(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    const offset = this.#announced;
    this.#announced = this.#text.length;
    if (offset === this.#text.length) return;
    this.emit({ kind: 'delta', messageId: this.message.id, offset, text: this.#text.slice(offset) });
  }

  showPrefill(done: number, total: number): void {
    this.#prefill = { kind: 'prefill', messageId: this.message.id, done, total };
    this.emit(this.#prefill);
  }

  /** Asks the worker to end; if it does not within five seconds, the answer ends without it. */
  stop(): void {
    if (this.#stopped.signal.aborted) return;
    this.#stopped.abort(new AnswerLeft('stopped'));
    setTimeout(() => this.leave(new AnswerLeft('stopped')), patienceMs).unref();
  }

  /** Ends the turn at once with `reason`, which is thrown into it; the worker is told, not waited for. */
  leave(reason: unknown): void {
    this.#stopped.abort(reason);
    this.#left.abort(reason);
  }
}
