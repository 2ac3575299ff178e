import { useCallback, useState } from 'react';
import type { ConversationId } from '../../../shared/conversation';
import type { Drafts } from '../../drafts';

type Edit = {
  /** Puts a text into the composer, below what is already being written there. */
  readonly edit: (text: string) => void;
  /** Give it to the composer as its key: a new one begins with the draft, and with the focus. */
  readonly editCount: number;
};

/** Taking words that were sent back into the composer. */
export function useEdit(drafts: Drafts, conversationId: ConversationId | null): Edit {
  const [editCount, setEditCount] = useState(0);
  const edit = useCallback(
    (text: string) => {
      const draft = drafts.of(conversationId);
      if (draft !== text) drafts.keep(conversationId, draft === '' ? text : `${draft}\n\n${text}`);
      setEditCount((count) => count + 1);
    },
    [drafts, conversationId],
  );
  return { edit, editCount };
}
