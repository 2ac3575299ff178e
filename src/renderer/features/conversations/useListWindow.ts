import { useVirtualizer } from '@tanstack/react-virtual';
import { type RefObject, useMemo } from 'react';
import type { ConversationId } from '../../../shared/conversation';
import type { ConversationGroup } from './groupConversations';
import { heightsOf, type ShownGroup, shownGroups } from './listWindow';

/** Rows above and below the view, for a quick scroll and for notices that stand above the list. */
const overscan = 12;

type Options = {
  readonly scrolled: RefObject<HTMLElement | null>;
  readonly groups: readonly ConversationGroup[];
  /** Rows that stay in the document wherever they are: what has the focus or will get it. */
  readonly kept: ReadonlySet<ConversationId>;
};

/** Which rows of the list are in the document: thousands of conversations cost as much as a screenful. */
export function useListWindow({ scrolled, groups, kept }: Options): readonly ShownGroup[] {
  const heights = useMemo(() => heightsOf(groups), [groups]);
  // eslint-disable-next-line react-hooks/incompatible-library -- nothing here is memoized by a compiler
  const virtualizer = useVirtualizer({
    count: heights.length,
    estimateSize: (index) => heights[index]!, // within the count
    getScrollElement: () => scrolled.current,
    overscan,
  });
  const indexes = virtualizer.getVirtualItems().map(({ index }) => index);
  return shownGroups(groups, indexes, kept);
}
