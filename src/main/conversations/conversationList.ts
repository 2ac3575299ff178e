import type { Conversation, ConversationId } from '../../shared/conversation';
import type { ConversationsEvent } from '../../shared/ipc/routes/conversations';
import type { Database } from '../db/connection';
import {
  deleteConversation,
  findConversation,
  getConversation,
  listConversations,
  renameConversation,
  restoreConversation,
} from './conversationRepository';

type Listener = (event: ConversationsEvent) => void;

/** The list of conversations, for as many as watch it. */
export class ConversationList {
  readonly #listeners = new Set<Listener>();

  constructor(
    private readonly db: Database,
    private readonly nowMs: () => number,
  ) {}

  /** The whole list at once, then every change alone, until the returned function is called. */
  async watch(listener: Listener): Promise<() => void> {
    const conversations = await listConversations(this.db);
    this.#listeners.add(listener);
    listener({ kind: 'snapshot', conversations });
    return () => this.#listeners.delete(listener);
  }

  async rename(id: ConversationId, title: string): Promise<Conversation> {
    await renameConversation(this.db, id, title);
    await this.changed(id);
    return getConversation(this.db, id);
  }

  async delete(id: ConversationId): Promise<void> {
    await deleteConversation(this.db, id, this.nowMs());
    await this.changed(id);
  }

  async restore(id: ConversationId): Promise<Conversation> {
    await restoreConversation(this.db, id);
    await this.changed(id);
    return getConversation(this.db, id);
  }

  /** Tells everyone who watches; to be called after each change of a conversation. */
  async changed(id: ConversationId): Promise<void> {
    if (this.#listeners.size === 0) return;
    // Queries take turns on the connection: what is told later was read later, and who has asked for the list by now will be told.
    const conversation = await findConversation(this.db, id);
    const event: ConversationsEvent =
      conversation === null ? { kind: 'removed', conversationId: id } : { kind: 'changed', conversation };
    for (const listener of this.#listeners) listener(event);
  }
}
