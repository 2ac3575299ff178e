import type { Conversation } from '../../../shared/conversation';
import type { Age, ConversationGroup } from './groupConversations';

/** CSS pixels; the style sheet gets them as custom properties. */
export const headingPx = 36;
export const rowPx = 35;

/** A row that is in the document, and its place among those of its group. */
export type ShownRow = { readonly conversation: Conversation; readonly place: number };
export type ShownGroup = {
  readonly age: Age;
  /** Of all its rows, shown or not. */
  readonly count: number;
  readonly rows: readonly ShownRow[];
};

/** The heights from the top of the list down: a heading, then its rows. */
export const heightsOf = (groups: readonly ConversationGroup[]): readonly number[] =>
  groups.flatMap(({ conversations }) => [headingPx, ...conversations.map(() => rowPx)]);

/**
 * Of each group the rows to put into the document: those in view, which `indexes` counts from the top of the list together with
 * the headings, and those that are `kept` wherever they are.
 */
export function shownGroups(
  groups: readonly ConversationGroup[],
  indexes: readonly number[],
  kept: ReadonlySet<Conversation['id']>,
): readonly ShownGroup[] {
  let first = 0;
  return groups.map(({ age, conversations }) => {
    const top = first + 1;
    first = top + conversations.length;
    const inView = new Set(indexes.map((index) => index - top));
    const rows = conversations
      .map((conversation, place) => ({ conversation, place }))
      .filter(({ conversation, place }) => inView.has(place) || kept.has(conversation.id));
    return { age, count: conversations.length, rows };
  });
}
