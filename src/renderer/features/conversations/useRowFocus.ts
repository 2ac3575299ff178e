import { type FocusEvent, type KeyboardEvent, type RefObject, useState } from 'react';
import { flushSync } from 'react-dom';
import { ConversationId, type Conversation } from '../../../shared/conversation';
import { nextRow } from './nextRow';

type Options = {
  readonly list: RefObject<HTMLElement | null>;
  readonly conversations: readonly Conversation[];
};

/** The focus among rows of which most are not in the document: a row that is to get it is put there first. */
export function useRowFocus({ list, conversations }: Options) {
  const [focusedId, setFocusedId] = useState<ConversationId | null>(null);

  const focusRow = (id: ConversationId): void => {
    flushSync(() => setFocusedId(id));
    const title = titleIn(list.current, id);
    title?.focus({ preventScroll: true });
    title?.scrollIntoView({ block: 'nearest' });
  };

  /** Where the focus is now; -1 outside the rows. */
  const focusedIndex = (): number => {
    const row = document.activeElement?.closest('[data-row]');
    return row && list.current?.contains(row) ? conversations.findIndex(({ id }) => id === idOf(row)) : -1;
  };

  const onKeyDown = (event: KeyboardEvent): void => {
    const next = nextRow(event.key, focusedIndex(), conversations.length);
    if (next === null) return;
    event.preventDefault();
    focusRow(conversations[next]!.id); // nextRow stays within the list
  };

  /** A row that goes hands its focus to a neighbour, or to the list, so that the keyboard does not start over. */
  const leaveRow = (gone: ConversationId): void => {
    const index = focusedIndex();
    if (conversations[index]?.id !== gone) return;
    const neighbour = conversations[index + 1] ?? conversations[index - 1];
    if (neighbour) focusRow(neighbour.id);
    else list.current?.focus();
  };

  const onFocus = ({ target }: FocusEvent): void => {
    const row = target.closest('[data-row]');
    if (row) setFocusedId(idOf(row));
  };

  return { focusedId, leaveRow, listProps: { onKeyDown, onFocus } };
}

/** What takes the focus of a row; null where the row is not in the document. */
export const titleIn = (list: HTMLElement | null, id: ConversationId): HTMLElement | null =>
  list?.querySelector<HTMLElement>(`[data-conversation="${id}"]`) ?? null;

const idOf = (row: Element): ConversationId | null =>
  ConversationId.safeParse(Number(row.getAttribute('data-row'))).data ?? null;
