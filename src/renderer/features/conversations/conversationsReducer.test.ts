import { expect, test } from 'vitest';
import type { Conversation, ConversationId } from '../../../shared/conversation';
import { conversationsReducer } from './conversationsReducer';

// A test's own numbers are ids by decree.
const aConversation = (id: number, updatedAtMs: number): Conversation => ({
  id: id as ConversationId,
  title: `${id}`,
  createdAtMs: 0,
  updatedAtMs,
});
const [newest, middle, oldest] = [aConversation(1, 30), aConversation(2, 20), aConversation(3, 10)];
const list = conversationsReducer(null, { kind: 'snapshot', conversations: [newest, middle, oldest] });

test('one that was touched goes to its place, and the others stay the same objects', () => {
  const touched = { ...oldest, updatedAtMs: 40 };
  const changed = conversationsReducer(list, { kind: 'changed', conversation: touched });
  expect(changed).toEqual([touched, newest, middle]);
  expect(changed?.[1]).toBe(newest);
});

test('a new name leaves a conversation where it is', () => {
  const renamed = { ...middle, title: 'another' };
  expect(conversationsReducer(list, { kind: 'changed', conversation: renamed })).toEqual([newest, renamed, oldest]);
});

test('what comes back after a deletion is back in its place; of two at the same time the later one is first', () => {
  const rest = conversationsReducer(list, { kind: 'removed', conversationId: middle.id });
  expect(rest).toEqual([newest, oldest]);
  expect(conversationsReducer(rest, { kind: 'changed', conversation: middle })).toEqual(list);
  const twin = aConversation(9, 20);
  expect(conversationsReducer(list, { kind: 'changed', conversation: twin })).toEqual([newest, twin, middle, oldest]);
  const last = aConversation(4, 1);
  expect(conversationsReducer(list, { kind: 'changed', conversation: last })?.at(-1)).toBe(last);
});

test('what is told twice changes nothing', () => {
  expect(conversationsReducer(list, { kind: 'changed', conversation: middle })).toEqual(list);
  expect(conversationsReducer(list, { kind: 'removed', conversationId: aConversation(7, 1).id })).toEqual(list);
});
