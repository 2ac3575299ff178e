// @vitest-environment happy-dom
import { beforeEach, expect, test } from 'vitest';
import { conversationId } from './features/chat/messages.test-support';
import { createDrafts } from './drafts';

beforeEach(() => sessionStorage.clear());

test('what was being written is there again after a reload, each text in its conversation', () => {
  const before = createDrafts(sessionStorage);
  before.keep(null, 'half a thought');
  before.keep(conversationId(7), '另外半句');
  const after = createDrafts(sessionStorage);
  expect(after.of(null)).toBe('half a thought');
  expect(after.of(conversationId(7))).toBe('另外半句');
  expect(after.of(conversationId(8))).toBe('');
});

test('a draft that was sent or erased leaves nothing behind', () => {
  const drafts = createDrafts(sessionStorage);
  drafts.keep(conversationId(7), 'sent');
  drafts.keep(conversationId(7), '');
  expect(drafts.of(conversationId(7))).toBe('');
  expect(sessionStorage.length).toBe(0);
});

test('the storage stays bounded: the oldest drafts give way, and this window still knows them', () => {
  const drafts = createDrafts(sessionStorage);
  const long = 'x'.repeat(900_000);
  for (const id of [1, 2, 3]) drafts.keep(conversationId(id), long);
  drafts.keep(null, 'y'.repeat(3_000_000));
  expect(sessionStorage.getItem('draft.new')).toBeNull();
  drafts.keep(null, 'short');
  expect(Object.keys({ ...sessionStorage }).sort()).toEqual(['draft.2', 'draft.3', 'draft.new']);
  expect(drafts.of(conversationId(1))).toBe(long);
});

test('what else the window stores is no draft and stays', () => {
  sessionStorage.setItem('openConversation', '7');
  createDrafts(sessionStorage).keep(null, '');
  expect(sessionStorage.getItem('openConversation')).toBe('7');
});
