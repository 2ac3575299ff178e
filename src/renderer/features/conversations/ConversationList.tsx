import {
  type CSSProperties,
  memo,
  type RefObject,
  useCallback,
  useEffect,
  useEffectEvent,
  useMemo,
  useRef,
  useState,
} from 'react';
import type { Conversation, ConversationId } from '../../../shared/conversation';
import { ErrorNotice } from '../../ui/ErrorNotice';
import { isDialogOpen } from '../../ui/isDialogOpen';
import { useTranslate } from '../../useTranslate';
import { ConversationGroup } from './ConversationGroup';
import type { Conversations } from './conversationsReducer';
import { groupConversations } from './groupConversations';
import { headingPx, rowPx } from './listWindow';
import { useConversations } from './useConversations';
import { useListWindow } from './useListWindow';
import { titleIn, useRowFocus } from './useRowFocus';
import './conversations.css';

type Props = {
  readonly conversations: Conversations;
  readonly nowMs: number;
  readonly selectedId: ConversationId | null;
  readonly onSelect: (id: ConversationId) => void;
  /** The open conversation has been deleted; the focus is with its neighbour and stays there. */
  readonly onLeave: () => void;
};

const none: readonly Conversation[] = [];
/** What TypeScript has no names for. */
const measures = { '--heading-height': `${headingPx}px`, '--row-height': `${rowPx - 1}px` } as CSSProperties;

export const ConversationList = memo(function ConversationList(props: Props) {
  const { nowMs, selectedId, onSelect, onLeave } = props;
  const conversations = props.conversations ?? none;
  const t = useTranslate();
  const nav = useRef<HTMLElement>(null);
  const [renamingId, setRenamingId] = useState<ConversationId | null>(null);
  const { rename, remove, failure } = useConversations({ selectedId, onSelect, onLeave });
  const { focusedId, leaveRow, listProps } = useRowFocus({ list: nav, conversations });
  useFocusAfterRename(nav, renamingId);
  useRenameKey(() => setRenamingId(selectedId));
  const open = useCallback(({ id }: Conversation) => onSelect(id), [onSelect]);
  const startRename = useCallback((conversation: Conversation | null) => setRenamingId(conversation?.id ?? null), []);
  const leave = (gone: Conversation): void => {
    leaveRow(gone.id);
    remove(gone);
  };
  const groups = useMemo(() => groupConversations(conversations, nowMs), [conversations, nowMs]);
  const isListed = conversations.some(({ id }) => id === selectedId);
  const tabStopId = (isListed ? selectedId : conversations[0]?.id) ?? null;
  const kept = new Set([tabStopId, focusedId, renamingId].filter((id) => id !== null));
  const shown = useListWindow({ scrolled: nav, groups, kept });
  return (
    <nav
      className="conversations"
      aria-label={t('conversations.title')}
      ref={nav}
      tabIndex={-1}
      style={measures}
      {...listProps}
    >
      {failure.error && <ErrorNotice error={failure.error} />}
      {props.conversations === null && <p className="conversations-reading">{t('conversations.reading')}</p>}
      {props.conversations?.length === 0 && (
        <div className="conversations-empty">
          <p>{t('conversations.empty')}</p>
          <p>{t('conversations.emptyHint')}</p>
        </div>
      )}
      {shown.map((group) => (
        <ConversationGroup
          key={group.age}
          group={group}
          selectedId={selectedId}
          renamingId={renamingId}
          tabStopId={tabStopId}
          onOpen={open}
          onStartRename={startRename}
          onRename={rename}
          onDelete={leave}
        />
      ))}
    </nav>
  );
});

/** Gives the focus back to the row whose title was edited, unless the user has gone elsewhere. */
function useFocusAfterRename(nav: RefObject<HTMLElement | null>, renamingId: ConversationId | null): void {
  const last = useRef<ConversationId | null>(null);
  useEffect(() => {
    if (renamingId === null && last.current !== null && document.activeElement === document.body) {
      titleIn(nav.current, last.current)?.focus(); // it had the focus, so it is in the document
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
