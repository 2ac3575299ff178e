import { useEffect, useReducer, useState } from 'react';
import { flushSync } from 'react-dom';
import type { ConversationId } from '../../../shared/conversation';
import type { ChatEvent } from '../../../shared/ipc/routes/chat';
import type { WireError } from '../../../shared/wireError';
import { stream, wireErrorOf } from '../../ipc';
import { chatReducer, type ChatState, emptyChat } from './chatReducer';
import { browserClock, createFrameBatch } from './frameBatch';

/** The messages of one conversation as they are written. `null` is a conversation that has not begun. */
export function useChat(conversationId: ConversationId | null): ChatState & { readonly watchError: WireError | null } {
  const [state, dispatch] = useReducer(chatReducer, emptyChat);
  const [watchError, setWatchError] = useState<WireError | null>(null);
  useEffect(() => {
    if (conversationId === null) return;
    const abort = new AbortController();
    // Rendered within the frame: a deferred update would be put off again by each one that follows.
    const batch = createFrameBatch<ChatEvent>((events) => flushSync(() => dispatch(events)), browserClock);
    const follow = async (): Promise<void> => {
      for await (const event of stream('chat.watch', { conversationId }, abort.signal)) batch.push(event);
    };
    follow().catch((error: unknown) => setWatchError(wireErrorOf(error)));
    return () => {
      abort.abort();
      batch.cancel();
    };
  }, [conversationId]);
  return { ...state, watchError };
}
