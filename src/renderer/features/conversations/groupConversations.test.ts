import { expect, test } from 'vitest';
import type { Conversation, ConversationId } from '../../../shared/conversation';
import { groupConversations } from './groupConversations';

const at = (id: number, ...time: [number, number, number, number, number]): Conversation => ({
  id: id as ConversationId, // a test's own number
  title: '',
  createdAtMs: 0,
  updatedAtMs: new Date(...time).getTime(),
});
const ages = (conversations: readonly Conversation[], now: Date) =>
  groupConversations(conversations, now.getTime()).map(({ age, conversations: members }) => [
    age,
    members.map(({ id }) => id),
  ]);

test('groups follow the local calendar, not spans of 24 hours', () => {
  const now = new Date(2026, 10, 22, 0, 5);
  const list = [
    at(1, 2026, 10, 22, 0, 1),
    at(2, 2026, 10, 21, 23, 59),
    at(3, 2026, 10, 20, 23, 59),
    at(4, 2026, 9, 31, 12, 0),
  ];
  expect(ages(list, now)).toEqual([
    ['today', [1]],
    ['yesterday', [2]],
    ['month', [3]],
    ['older', [4]],
  ]);
});

test('on the first of a month, yesterday is yesterday and the rest is earlier', () => {
  const now = new Date(2026, 10, 1, 9, 0);
  expect(ages([at(1, 2026, 9, 31, 12, 0), at(2, 2026, 9, 30, 12, 0)], now)).toEqual([
    ['yesterday', [1]],
    ['older', [2]],
  ]);
});

test('a clock that was set back does not lose a conversation', () => {
  expect(ages([at(1, 2027, 0, 1, 0, 0)], new Date(2026, 10, 22, 9, 0))).toEqual([['today', [1]]]);
});
