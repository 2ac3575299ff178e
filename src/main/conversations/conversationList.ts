import type { Conversation, ConversationId } from '../../shared/conversation';
import type { Database } from '../db/connection';
import {
  deleteConversation,
  getConversation,
  listConversations,
  renameConversation,
  restoreConversation,
} from './conversationRepository';

type Listener = (conversations: Conversation[]) => void;

/** The list of conversations, for as many as watch it. */
export class ConversationList {
  readonly #listeners = new Set<Listener>();

  constructor(
    private readonly db: Database,
    private readonly nowMs: () => number,
  ) {}

  /** The list at once, and again after each change, until the returned function is called. */
  async watch(listener: Listener): Promise<() => void> {
    const conversations = await listConversations(this.db);
    this.#listeners.add(listener);
    listener(conversations);
    return () => this.#listeners.delete(listener);
  }

  async rename(id: ConversationId, title: string): Promise<Conversation> {
    await renameConversation(this.db, id, title);
    await this.changed();
    return getConversation(this.db, id);
  }

  async delete(id: ConversationId): Promise<void> {
    await deleteConversation(this.db, id, this.nowMs());
    await this.changed();
  }

  async restore(id: ConversationId): Promise<Conversation> {
    await restoreConversation(this.db, id);
    await this.changed();
    return getConversation(this.db, id);
  }

  /** Tells everyone who watches; to be called after each change of a conversation. */
  async changed(): Promise<void> {
    if (this.#listeners.size === 0) return;
    // Queries take turns on the connection, so a later list never overtakes an earlier one.
    const conversations = await listConversations(this.db);
    for (const listener of this.#listeners) listener(conversations);
  }
}
