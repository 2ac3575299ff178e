import { useCallback, useEffect, useState } from 'react';
import { ConversationId } from '../shared/conversation';

const key = 'openConversation';

type Opened = {
  /** Null for a new conversation. */
  readonly id: ConversationId | null;
  /** Goes up with each new conversation asked for: asking again begins it again. */
  readonly blankCount: number;
  /** Whether to write is what comes next; not after a deletion, whose place is in the list. */
  readonly takesFocus: boolean;
};

/** The open conversation. A reload of the window comes back to it; a new window begins afresh. */
export function useOpenConversation() {
  const [opened, setOpened] = useState<Opened>(() => ({ id: readStored(), blankCount: 0, takesFocus: true }));
  const { id } = opened;
  useEffect(() => {
    if (id === null) sessionStorage.removeItem(key);
    else sessionStorage.setItem(key, String(id));
  }, [id]);
  const open = useCallback(
    (next: ConversationId) => setOpened((last) => ({ ...last, id: next, takesFocus: true })),
    [],
  );
  const startNew = useCallback(
    () => setOpened(({ blankCount }) => ({ id: null, blankCount: blankCount + 1, takesFocus: true })),
    [],
  );
  /** Leaves a conversation that is gone; the focus stays where it is. */
  const leave = useCallback(() => setOpened((last) => ({ ...last, id: null, takesFocus: false })), []);
  /** The first message has made a conversation of the new one. */
  const begin = useCallback(
    (begun: ConversationId) => setOpened((last) => ({ ...last, id: last.id ?? begun, takesFocus: true })),
    [],
  );
  return { ...opened, open, startNew, leave, begin };
}

function readStored(): ConversationId | null {
  const parsed = ConversationId.safeParse(Number(sessionStorage.getItem(key)));
  return parsed.success ? parsed.data : null;
}
