import { useEffect, useState } from 'react';
import { ConversationId } from '../shared/conversation';

const key = 'openConversation';

/** State: the open conversation, or null for a new one. A reload of the window comes back to it; a new window begins afresh. */
export function useOpenConversation() {
  const state = useState(readStored);
  const [openId] = state;
  useEffect(() => {
    if (openId === null) sessionStorage.removeItem(key);
    else sessionStorage.setItem(key, String(openId));
  }, [openId]);
  return state;
}

function readStored(): ConversationId | null {
  const parsed = ConversationId.safeParse(Number(sessionStorage.getItem(key)));
  return parsed.success ? parsed.data : null;
}
