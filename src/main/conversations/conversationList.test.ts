import { beforeEach, expect, test } from 'vitest';
import { ConversationId } from '../../shared/conversation';
import type { Database } from '../db/connection';
import { memoryStore } from '../db/memoryStore.test-support';
import { ConversationList } from './conversationList';
import { insertConversation, touchConversation } from './conversationRepository';

let db: Database;
let list: ConversationList;
let seen: string[][];
beforeEach(async () => {
  db = await memoryStore();
  list = new ConversationList(db, () => 100);
  seen = [];
});
const watch = () => list.watch((conversations) => seen.push(conversations.map(({ title }) => title)));
const add = (title: string, nowMs: number) => insertConversation(db, { title, nowMs });

test('a watcher gets the list at once, newest first, and again after each change, until it closes', async () => {
  const old = await add('old', 1);
  await add('new', 2);
  const close = await watch();
  await touchConversation(db, old, 3);
  await list.changed();
  await list.rename(old, 'renamed');
  close();
  await list.delete(old);
  expect(seen).toEqual([
    ['new', 'old'],
    ['old', 'new'],
    ['renamed', 'new'],
  ]);
});

test('a deleted conversation leaves the list and comes back whole', async () => {
  const id = await add('precious', 1);
  await watch();
  await list.delete(id);
  await expect(list.rename(id, 'x')).rejects.toMatchObject({ code: 'conversation.notFound' });
  await expect(list.delete(id)).rejects.toMatchObject({ code: 'conversation.notFound' });
  expect(await list.restore(id)).toEqual({ id, title: 'precious', createdAtMs: 1, updatedAtMs: 1 });
  expect(seen).toEqual([['precious'], [], ['precious']]);
});

test('what never was is not found', async () => {
  const id = ConversationId.parse(404);
  for (const attempt of [list.rename(id, 'x'), list.delete(id), list.restore(id)]) {
    await expect(attempt).rejects.toMatchObject({ code: 'conversation.notFound' });
  }
});
