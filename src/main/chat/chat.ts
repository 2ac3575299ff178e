import { AppError } from '../../shared/appError';
import type { ConversationId, Message } from '../../shared/conversation';
import type { ChatTurn } from '../../shared/generation';
import { longestMessage, type ChatEvent, type NotReplaced } from '../../shared/ipc/routes/chat';
import { tellAll } from '../app/tellAll';
import type { ConversationList } from '../conversations/conversationList';
import { getConversation, insertConversation, touchConversation } from '../conversations/conversationRepository';
import type { AnswerEnd } from '../conversations/messageRepository';
import {
  appendText,
  beginAnswer,
  bringBack,
  findReplaced,
  finishAnswer,
  insertMessage,
  interruptStaleAnswers,
  listMessages,
  removeMessage,
} from '../conversations/messageRepository';
import { titleOf } from '../conversations/title';
import type { Database, Statements } from '../db/connection';
import type { WorkerHost } from '../inference/workerHost';
import type { ModelLoader } from '../model/modelLoader';
import { AnswerEnds } from './answerEnds';
import { AnswerLeft, LiveAnswer } from './liveAnswer';
import { promptTurns } from './promptTurns';
import { runTurn } from './runTurn';

type Options = {
  readonly db: Database;
  readonly conversations: ConversationList;
  readonly model: ModelLoader;
  readonly host: WorkerHost;
  readonly nowMs: () => number;
  readonly reportBug: (bug: unknown) => void;
};
type Listener = (event: ChatEvent) => void;
type Running = { readonly answer: LiveAnswer; readonly ended: Promise<void> };

/**
 * The answers that are being written, and everyone who follows them. Windows come and go: an answer ends by itself,
 * by Stop, or with the app. Each conversation has one at most, and the worker writes one at a time.
 */
export class Chat {
  readonly #running = new Map<ConversationId, Running>();
  readonly #listeners = new Map<ConversationId, Set<Listener>>();
  /** For those who begin to watch when it has been told. */
  readonly #notReplaced = new Map<ConversationId, NotReplaced>();
  readonly #ends: AnswerEnds;
  #lastTurn: Promise<void> = Promise.resolve();

  constructor(private readonly options: Options) {
    this.#ends = new AnswerEnds({
      save: (message, end) => this.#save(message, end),
      announce: ({ conversationId }, events) => events.forEach((event) => this.#emit(conversationId, event)),
      reportBug: options.reportBug,
    });
  }

  /** Stores the message and an empty answer, then starts writing it. `null` begins a new conversation. */
  async send(conversationId: ConversationId | null, text: string): Promise<ConversationId> {
    if (text.length > longestMessage) throw new AppError('message.tooLong', { limit: longestMessage });
    const nowMs = this.options.nowMs();
    await this.#ends.retry();
    const stored = await this.options.db.transaction(async (tx) => {
      const id = conversationId ?? (await insertConversation(tx, { title: titleOf(text), nowMs }));
      await this.#prepare(tx, id, nowMs);
      const before = (await listMessages(tx, id)).map(this.#ends.complete);
      const question = await insertMessage(tx, { ...blank(id, nowMs), role: 'user', text, state: 'done' });
      const answer = await insertMessage(tx, blank(id, nowMs));
      return { id, question, answer, turns: promptTurns([...before, question]) };
    });
    this.#emit(stored.id, { kind: 'message', message: stored.question });
    this.#begin(stored.answer, stored.turns);
    await this.options.conversations.changed(stored.id);
    return stored.id;
  }

  /** Takes the last answer out of sight and writes another. */
  async regenerate(id: ConversationId): Promise<void> {
    const nowMs = this.options.nowMs();
    await this.#ends.retry();
    const stored = await this.options.db.transaction(async (tx) => {
      await this.#prepare(tx, id, nowMs);
      const messages = (await listMessages(tx, id)).map(this.#ends.complete);
      const old = messages.at(-1);
      if (old?.role !== 'assistant') throw new AppError('conversation.nothingToRegenerate');
      if (this.#ends.has(old.id)) throw new AppError('store.diskFull'); // its words are nowhere but here
      await removeMessage(tx, old.id, nowMs);
      const answer = await insertMessage(tx, blank(id, nowMs));
      return { old, answer, turns: promptTurns(messages.slice(0, -1)) };
    });
    this.#emit(id, { kind: 'removed', messageId: stored.old.id });
    this.#begin(stored.answer, stored.turns);
    await this.options.conversations.changed(id);
  }

  /** Brings back the answer that was replaced last; a newer one that is still being written ends. */
  async restoreAnswer(id: ConversationId): Promise<void> {
    const { db } = this.options;
    const running = this.#running.get(id);
    await this.#mustHaveReplaced(db, id);
    if (running !== undefined) {
      running.answer.leave(new AnswerLeft('stopped'));
      await running.ended;
    }
    await this.#ends.retry();
    const events = await db.transaction(async (tx) => {
      if (this.#running.has(id)) throw new AppError('conversation.busy');
      if (running !== undefined && (await listMessages(tx, id)).at(-1)?.id !== running.answer.message.id) return [];
      const { current, replaced } = await this.#mustHaveReplaced(tx, id);
      return exchange(tx, current, replaced);
    });
    for (const event of events) this.#emit(id, event);
  }

  /** Ends the running answer, if there is one, and keeps its text. */
  stop(id: ConversationId): void {
    this.#running.get(id)?.answer.stop();
  }

  /** Ends the answer the worker is writing; those that wait for their turn go on waiting. */
  async stopInWorker(): Promise<void> {
    const inWorker = [...this.#running.values()].filter(({ answer }) => answer.isInWorker);
    for (const { answer } of inWorker) answer.stop();
    await Promise.all(inWorker.map(({ ended }) => ended));
  }

  /** Nobody waits for an answer in a conversation that is deleted: it is stopped, and restoring brings its text back. */
  async deleteConversation(id: ConversationId): Promise<void> {
    await this.options.conversations.delete(id);
    this.stop(id);
  }

  /**
   * Follows one conversation until the returned function is called. No text is lost or doubled: the connection
   * serves one query at a time, and what a write changes is announced before the next query answers. So from the
   * moment the messages are here, nothing is missing that is not announced later.
   */
  async watch(id: ConversationId, listener: Listener): Promise<() => void> {
    await getConversation(this.options.db, id);
    const messages = await listMessages(this.options.db, id);
    // Nothing is awaited from here on.
    const answer = this.#running.get(id)?.answer;
    answer?.announce(); // to those who watch already; the snapshot has it
    listener({
      kind: 'snapshot',
      messages: messages.map(this.#ends.complete).map((message) => withLiveText(message, answer)),
      notReplaced: this.#notReplaced.get(id) ?? null,
    });
    if (answer?.prefill) listener(answer.prefill);
    const listeners = this.#listeners.get(id) ?? new Set();
    this.#listeners.set(id, listeners.add(listener));
    return () => {
      listeners.delete(listener);
      if (listeners.size === 0 && this.#listeners.get(id) === listeners) this.#listeners.delete(id);
    };
  }

  /** The app ends: what is being written is stored as interrupted. */
  async close(): Promise<void> {
    const running = [...this.#running.values()];
    for (const { answer } of running) answer.leave(new AnswerLeft('interrupted'));
    await Promise.all(running.map(({ ended }) => ended));
    await this.#ends.close();
  }

  /** Checks, within the transaction that adds an answer, that the conversation can take one. */
  async #prepare(tx: Statements, id: ConversationId, nowMs: number): Promise<void> {
    await touchConversation(tx, id, nowMs);
    if (this.#running.has(id)) throw new AppError('conversation.busy');
    await interruptStaleAnswers(tx, id); // the end of one may have been impossible to store
  }

  #begin(message: Message, turns: ChatTurn[]): void {
    const { conversationId } = message;
    this.#notReplaced.delete(conversationId);
    const answer = new LiveAnswer(message, (event) => this.#emit(conversationId, event));
    const ended = this.#write(answer, turns, this.#lastTurn);
    this.#lastTurn = Promise.all([this.#lastTurn, ended]).then(() => answer.isReleased);
    this.#running.set(conversationId, { answer, ended });
    this.#emit(conversationId, { kind: 'message', message });
  }

  async #write(answer: LiveAnswer, turns: ChatTurn[], isNext: Promise<void>): Promise<void> {
    const { db, reportBug, model, host } = this.options;
    const { message } = answer;
    const parts = {
      model,
      host,
      reportBug,
      appendText: appendText.bind(null, db),
      beginAnswer: beginAnswer.bind(null, db),
    };
    const end = await runTurn(parts, { answer, turns, isNext });
    const events = await this.#ends.store(message, end);
    this.#running.delete(message.conversationId);
    for (const event of events) this.#emit(message.conversationId, event);
  }

  /** An answer that came to nothing gives way to the one it was to replace, which says why. */
  #save(message: Message, end: AnswerEnd): Promise<ChatEvent[]> {
    return this.options.db.transaction(async (tx) => {
      await finishAnswer(tx, message.id, end);
      const replaced = end.text.trim() === '' ? await findReplaced(tx, message) : null;
      if (replaced !== null) return [...(await exchange(tx, message, replaced)), ...whyNot(replaced, end)];
      return [{ kind: 'message', message: { ...message, ...end } }];
    });
  }

  async #mustHaveReplaced(tx: Statements, id: ConversationId): Promise<{ current: Message; replaced: Message }> {
    await getConversation(tx, id);
    const current = (await listMessages(tx, id)).at(-1);
    const replaced = current?.role === 'assistant' ? await findReplaced(tx, current) : null;
    if (current === undefined || replaced === null) throw new AppError('conversation.nothingToRestore');
    return { current, replaced };
  }

  #emit(id: ConversationId, event: ChatEvent): void {
    if (event.kind === 'notReplaced') this.#notReplaced.set(id, { messageId: event.messageId, error: event.error });
    tellAll(this.#listeners.get(id) ?? [], event, this.options.reportBug);
  }
}

const blank = (conversationId: ConversationId, createdAtMs: number) =>
  ({ conversationId, role: 'assistant', text: '', state: 'streaming', createdAtMs }) as const;

async function exchange(tx: Statements, current: Message, replaced: Message): Promise<ChatEvent[]> {
  await bringBack(tx, current, replaced);
  return [
    { kind: 'removed', messageId: current.id },
    { kind: 'message', message: replaced },
  ];
}

const whyNot = ({ id }: Message, { error }: AnswerEnd): ChatEvent[] =>
  error === null ? [] : [{ kind: 'notReplaced', messageId: id, error }];

const withLiveText = (message: Message, answer: LiveAnswer | undefined): Message =>
  answer !== undefined && message.id === answer.message.id ? answer.current : message;
