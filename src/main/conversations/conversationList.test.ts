import { beforeEach, expect, test } from 'vitest';
import { ConversationId } from '../../shared/conversation';
import { ConversationsEvent } from '../../shared/ipc/routes/conversations';
import type { Database } from '../db/connection';
import { memoryStore } from '../db/memoryStore.test-support';
import { ConversationList } from './conversationList';
import { insertConversation, touchConversation } from './conversationRepository';

let db: Database;
let list: ConversationList;
let seen: ConversationsEvent[];
beforeEach(async () => {
  db = await memoryStore();
  list = new ConversationList(db, () => 100);
  seen = [];
});
const watch = () => list.watch((event) => seen.push(ConversationsEvent.parse(event)));
const add = (title: string, nowMs: number) => insertConversation(db, { title, nowMs });

test('a watcher gets the list at once, newest first, and then each change alone, until it closes', async () => {
  const old = await add('old', 1);
  const young = await add('new', 2);
  const close = await watch();
  await touchConversation(db, old, 3);
  await list.changed(old);
  await list.rename(old, 'renamed');
  close();
  await list.delete(old);
  const before = { id: old, title: 'old', createdAtMs: 1, updatedAtMs: 1 };
  expect(seen).toEqual([
    { kind: 'snapshot', conversations: [{ id: young, title: 'new', createdAtMs: 2, updatedAtMs: 2 }, before] },
    { kind: 'changed', conversation: { ...before, updatedAtMs: 3 } },
    { kind: 'changed', conversation: { ...before, updatedAtMs: 3, title: 'renamed' } },
  ]);
});

test('of thousands of conversations, a change sends one', async () => {
  let last = await add('first', 0);
  await db.transaction(async (tx) => {
    for (let number = 1; number < 3_000; number++) {
      last = await insertConversation(tx, { title: `Conversation ${number}`, nowMs: number });
    }
  });
  await watch();
  expect(seen[0]).toMatchObject({ kind: 'snapshot', conversations: { length: 3_000 } });
  await touchConversation(db, last, 9_000);
  await list.changed(last);
  expect(JSON.stringify(seen.slice(1)).length).toBeLessThan(200);
});

test('a deleted conversation leaves the list and comes back whole', async () => {
  const id = await add('precious', 1);
  await watch();
  await list.delete(id);
  await expect(list.rename(id, 'x')).rejects.toMatchObject({ code: 'conversation.notFound' });
  await expect(list.delete(id)).rejects.toMatchObject({ code: 'conversation.notFound' });
  const conversation = { id, title: 'precious', createdAtMs: 1, updatedAtMs: 1 };
  expect(await list.restore(id)).toEqual(conversation);
  expect(seen).toEqual([
    { kind: 'snapshot', conversations: [conversation] },
    { kind: 'removed', conversationId: id },
    { kind: 'changed', conversation },
  ]);
});

test('who begins to watch in the middle of a change learns of it, however the two fall together', async () => {
  const id = await add('old name', 1);
  for (let round = 0; round < 20; round++) {
    seen = [];
    const title = `name ${round}`;
    const [close] = round % 2 === 0 ? await Promise.all([watch(), list.rename(id, title)]) : await renamedFirst(title);
    const last = seen.at(-1)!;
    expect(last.kind === 'snapshot' ? last.conversations : [last]).toMatchObject([
      last.kind === 'snapshot' ? { title } : { conversation: { title } },
    ]);
    close();
  }

  async function renamedFirst(title: string): Promise<[() => void]> {
    const renamed = list.rename(id, title);
    const close = await watch();
    await renamed;
    return [close];
  }
});

test('what never was is not found', async () => {
  const id = ConversationId.parse(404);
  for (const attempt of [list.rename(id, 'x'), list.delete(id), list.restore(id)]) {
    await expect(attempt).rejects.toMatchObject({ code: 'conversation.notFound' });
  }
});
