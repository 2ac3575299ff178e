import { useEffect, useReducer, useState } from 'react';
import type { WireError } from '../../../shared/wireError';
import { stream, wireErrorOf } from '../../ipc';
import { type Conversations, conversationsReducer } from './conversationsReducer';

type ConversationListState = { readonly conversations: Conversations; readonly error: WireError | null };

/** The list of conversations, kept up with each change. */
export function useConversationList(): ConversationListState {
  const [conversations, dispatch] = useReducer(conversationsReducer, null);
  const [error, setError] = useState<WireError | null>(null);
  useEffect(() => {
    const abort = new AbortController();
    const follow = async (): Promise<void> => {
      for await (const event of stream('conversations.watch', {}, abort.signal)) dispatch(event);
    };
    follow().catch((reason: unknown) => setError(wireErrorOf(reason)));
    return () => abort.abort();
  }, []);
  return { conversations, error };
}
