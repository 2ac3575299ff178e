import type { Conversation } from '../../../shared/conversation';
import type { ConversationsEvent } from '../../../shared/ipc/routes/conversations';

/** Newest first; null until they have been read. */
export type Conversations = readonly Conversation[] | null;

/** Applies what happened to the list. Conversations that did not change keep their identity. */
export function conversationsReducer(list: Conversations, event: ConversationsEvent): Conversations {
  switch (event.kind) {
    case 'snapshot':
      return event.conversations;
    case 'changed':
      return inserted(without(list, event.conversation.id), event.conversation);
    case 'removed':
      return without(list, event.conversationId);
    default:
      return event satisfies never;
  }
}

const without = (list: Conversations, gone: Conversation['id']): readonly Conversation[] =>
  list?.filter(({ id }) => id !== gone) ?? [];

function inserted(list: readonly Conversation[], conversation: Conversation): readonly Conversation[] {
  const at = list.findIndex((other) => isBefore(conversation, other));
  return at === -1 ? [...list, conversation] : list.toSpliced(at, 0, conversation);
}

/** The order in which main reads them. */
const isBefore = (one: Conversation, other: Conversation): boolean =>
  one.updatedAtMs > other.updatedAtMs || (one.updatedAtMs === other.updatedAtMs && one.id > other.id);
