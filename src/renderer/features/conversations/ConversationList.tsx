import {
  type KeyboardEvent,
  memo,
  type RefObject,
  useCallback,
  useEffect,
  useEffectEvent,
  useRef,
  useState,
} from 'react';
import type { Conversation, ConversationId } from '../../../shared/conversation';
import { ErrorNotice } from '../../ui/ErrorNotice';
import { isDialogOpen } from '../../ui/isDialogOpen';
import { useTranslate } from '../../useTranslate';
import { ConversationRow } from './ConversationRow';
import { groupConversations } from './groupConversations';
import { moveFocus } from './moveFocus';
import { useConversations } from './useConversations';
import './conversations.css';

type Props = {
  /** Newest first; null until they have been read. */
  readonly conversations: readonly Conversation[] | null;
  readonly nowMs: number;
  readonly selectedId: ConversationId | null;
  readonly onSelect: (id: ConversationId) => void;
  /** The open conversation has been deleted; the focus is with its neighbour and stays there. */
  readonly onLeave: () => void;
};

export const ConversationList = memo(function ConversationList(props: Props) {
  const { conversations, nowMs, selectedId, onSelect, onLeave } = props;
  const t = useTranslate();
  const nav = useRef<HTMLElement>(null);
  const [renamingId, setRenamingId] = useState<ConversationId | null>(null);
  const { rename, remove, failure } = useConversations({ selectedId, onSelect, onLeave });
  useFocusAfterRename(nav, renamingId);
  useRenameKey(() => setRenamingId(selectedId));
  const open = useCallback(({ id }: Conversation) => onSelect(id), [onSelect]);
  const startRename = useCallback((conversation: Conversation | null) => setRenamingId(conversation?.id ?? null), []);
  const onKeyDown = (event: KeyboardEvent): void => {
    if (moveFocus(titlesIn(nav.current), event.key)) event.preventDefault();
  };
  const groups = groupConversations(conversations ?? [], nowMs);
  const isListed = conversations?.some(({ id }) => id === selectedId) ?? false;
  const tabStopId = isListed ? selectedId : conversations?.[0]?.id;
  return (
    <nav className="conversations" aria-label={t('conversations.title')} ref={nav} tabIndex={-1} onKeyDown={onKeyDown}>
      {failure.error && <ErrorNotice error={failure.error} />}
      {conversations?.length === 0 && (
        <div className="conversations-empty">
          <p>{t('conversations.empty')}</p>
          <p>{t('conversations.emptyHint')}</p>
        </div>
      )}
      {groups.map(({ age, conversations: members }) => (
        <section key={age}>
          <h2>{t(`conversations.${age}`)}</h2>
          <ul>
            {members.map((conversation) => (
              <ConversationRow
                key={conversation.id}
                conversation={conversation}
                isOpen={conversation.id === selectedId}
                isRenaming={conversation.id === renamingId}
                isTabStop={conversation.id === tabStopId}
                onOpen={open}
                onStartRename={startRename}
                onRename={rename}
                onDelete={(gone) => {
                  leaveRow(nav.current, gone.id);
                  remove(gone);
                }}
              />
            ))}
          </ul>
        </section>
      ))}
    </nav>
  );
});

const titleOf = (nav: HTMLElement | null, id: ConversationId): HTMLElement | null =>
  nav?.querySelector<HTMLElement>(`[data-conversation="${id}"]`) ?? null;

/** Gives the focus back to the row whose title was edited, unless the user has gone elsewhere. */
function useFocusAfterRename(nav: RefObject<HTMLElement | null>, renamingId: ConversationId | null): void {
  const last = useRef<ConversationId | null>(null);
  useEffect(() => {
    if (renamingId === null && last.current !== null && document.activeElement === document.body) {
      titleOf(nav.current, last.current)?.focus();
    }
    last.current = renamingId;
  }, [nav, renamingId]);
}

/** F2 renames the open conversation wherever the focus is, unless a row has taken the key for itself. */
function useRenameKey(rename: () => void): void {
  const onKeyDown = useEffectEvent((event: globalThis.KeyboardEvent) => {
    if (event.key === 'F2' && !event.defaultPrevented && !isDialogOpen()) rename();
  });
  useEffect(() => {
    const listener = (event: globalThis.KeyboardEvent): void => onKeyDown(event);
    window.addEventListener('keydown', listener);
    return () => window.removeEventListener('keydown', listener);
  }, []);
}

/** A row that goes hands its focus to a neighbour, or to the list, so that the keyboard does not start over. */
function leaveRow(nav: HTMLElement | null, id: ConversationId): void {
  const row = titleOf(nav, id)?.parentElement;
  if (row?.contains(document.activeElement)) moveFocus(titlesIn(nav), 'ArrowDown');
  if (row?.contains(document.activeElement)) moveFocus(titlesIn(nav), 'ArrowUp');
  if (row?.contains(document.activeElement)) nav?.focus();
}

const titlesIn = (nav: HTMLElement | null): readonly HTMLElement[] => [
  ...(nav?.querySelectorAll<HTMLElement>('.conversation-title') ?? []),
];
