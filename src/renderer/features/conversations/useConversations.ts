import type { Conversation, ConversationId } from '../../../shared/conversation';
import { call } from '../../ipc';
import { useToast } from '../../ui/toast';
import { type Action, useAction } from '../../useAction';
import { useTranslate } from '../../useTranslate';

type Selection = {
  readonly selectedId: ConversationId | null;
  readonly onSelect: (id: ConversationId) => void;
  /** The open conversation has been deleted. */
  readonly onLeave: () => void;
};

type ConversationActions = {
  readonly rename: (conversation: Conversation, title: string) => void;
  readonly remove: (conversation: Conversation) => void;
  readonly failure: Action;
};

/** Renaming, and deleting with a way back. */
export function useConversations({ selectedId, onSelect, onLeave }: Selection): ConversationActions {
  const t = useTranslate();
  const showToast = useToast();
  const failure = useAction();

  const restore = async (conversationId: ConversationId, wasOpen: boolean): Promise<void> => {
    const isBack = await failure.run(() => call('conversations.restore', { conversationId }));
    if (isBack && wasOpen) onSelect(conversationId);
  };

  const remove = async ({ id, title }: Conversation): Promise<void> => {
    const wasOpen = id === selectedId;
    const isGone = await failure.run(() => call('conversations.delete', { conversationId: id }));
    if (!isGone) return;
    if (wasOpen) onLeave();
    showToast({
      text: t('conversations.deleted', { title: title || t('conversations.untitled') }),
      action: { label: t('action.undo'), run: () => void restore(id, wasOpen) },
    });
  };

  const rename = ({ id, title }: Conversation, newTitle: string): void => {
    const trimmed = newTitle.trim().slice(0, 200);
    if (trimmed === '' || trimmed === title) return;
    void failure.run(() => call('conversations.rename', { conversationId: id, title: trimmed }));
  };

  return { rename, remove: (conversation) => void remove(conversation), failure };
}
