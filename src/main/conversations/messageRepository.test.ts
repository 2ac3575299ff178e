import { beforeEach, expect, test } from 'vitest';
import type { ConversationId, Message, Provenance } from '../../shared/conversation';
import { demoModelId } from '../../shared/library';
import type { Database } from '../db/connection';
import { sql } from '../db/connection';
import { memoryStore } from '../db/memoryStore.test-support';
import { insertConversation } from './conversationRepository';
import {
  appendText,
  beginAnswer,
  finishAnswer,
  insertMessage,
  interruptStaleAnswers,
  listMessages,
  recoverAnswers,
  removeMessage,
} from './messageRepository';

let db: Database;
let conversationId: ConversationId;
beforeEach(async () => {
  db = await memoryStore();
  conversationId = await insertConversation(db, { title: 'test', nowMs: 1 });
});

const ask = (text: string): Promise<Message> =>
  insertMessage(db, { conversationId, role: 'user', text, state: 'done', createdAtMs: 2 });
const answer = (): Promise<Message> =>
  insertMessage(db, { conversationId, role: 'assistant', text: '', state: 'streaming', createdAtMs: 3 });

const provenance: Provenance = {
  modelName: 'Deskmate demo model',
  modelId: demoModelId,
  deviceName: 'A processor',
  precision: 'int4',
  device: 'cpu',
  executionProvider: 'cpu',
  seed: 4_294_967_295,
  promptTokens: 20,
  reusedTokens: 10,
  newTokens: 5,
  timeToFirstTokenMs: 12.5,
  tokensPerSecond: 41.25,
  droppedTurns: 2,
};

test('what is inserted is listed, oldest first, as it was returned', async () => {
  const messages = [await ask('你好 "quoted" \0 nul'), await answer()];
  expect(await listMessages(db, conversationId)).toEqual(messages);
});

test('an answer grows, then ends with everything known about it', async () => {
  const { id } = await answer();
  await appendText(db, id, '根');
  await appendText(db, id, '据');
  expect((await listMessages(db, conversationId))[0]).toMatchObject({ text: '根据', state: 'streaming' });
  await finishAnswer(db, id, { text: '根据。', state: 'length', provenance, error: null });
  expect((await listMessages(db, conversationId))[0]).toMatchObject({
    text: '根据。',
    state: 'length',
    provenance,
    error: null,
  });
});

test('what makes an answer is known from its beginning, and stays when the app dies', async () => {
  const { id } = await answer();
  const known = { promptTokens: null, reusedTokens: null, newTokens: null, timeToFirstTokenMs: null };
  const begun = { ...provenance, ...known, tokensPerSecond: null, droppedTurns: null };
  await beginAnswer(db, id, begun);
  await recoverAnswers(db);
  expect(await listMessages(db, conversationId)).toMatchObject([{ state: 'interrupted', provenance: begun }]);
});

test('an answer from before they were kept has no model id and no device name', async () => {
  const { id } = await answer();
  await finishAnswer(db, id, { text: 'old', state: 'done', provenance, error: null });
  await db.run(sql`UPDATE messages SET model_id = NULL, device_name = NULL WHERE id = ${id}`);
  expect((await listMessages(db, conversationId))[0]!.provenance).toEqual({
    ...provenance,
    modelId: null,
    deviceName: null,
  });
});

test('an error is kept with its parameters', async () => {
  const { id } = await answer();
  const error = { code: 'worker.crashed', params: { exitCode: 134 } } as const;
  await finishAnswer(db, id, { text: 'half', state: 'interrupted', provenance: null, error });
  expect((await listMessages(db, conversationId))[0]).toMatchObject({ text: 'half', provenance: null, error });
});

test('an error code that is no longer known reads as internal', async () => {
  const { id } = await answer();
  await db.run(sql`
    UPDATE messages SET state = 'error', error_code = 'gone', error_params = '{}' WHERE id = ${id}`);
  expect((await listMessages(db, conversationId))[0]!.error).toEqual({ code: 'internal', params: {} });
});

test('a removed message is out of sight but not erased', async () => {
  const { id } = await ask('hello');
  await removeMessage(db, id, 9);
  expect(await listMessages(db, conversationId)).toEqual([]);
  expect(await db.all(sql`SELECT text, deleted_at_ms FROM messages`)).toEqual([{ text: 'hello', deleted_at_ms: 9 }]);
});

test('after a restart a running answer is interrupted, its text kept; finished ones stay', async () => {
  const question = await ask('hello');
  const { id } = await answer();
  await appendText(db, id, 'half an ans');
  await interruptStaleAnswers(db);
  const messages = await listMessages(db, conversationId);
  expect(messages[0]).toEqual(question);
  expect(messages[1]).toMatchObject({ text: 'half an ans', state: 'interrupted', error: null });
});

test('after a restart a rewritten answer without a word gives way to the one before it', async () => {
  await ask('hello');
  const old = await answer();
  await finishAnswer(db, old.id, { text: 'old', state: 'done', provenance, error: null });
  await removeMessage(db, old.id, 9);
  await answer();
  await recoverAnswers(db);
  expect(await listMessages(db, conversationId)).toMatchObject([{ text: 'hello' }, { text: 'old', state: 'done' }]);
  await ask('another question');
  const { id } = await answer();
  await recoverAnswers(db);
  expect((await listMessages(db, conversationId)).at(-1)).toMatchObject({ id, text: '', state: 'interrupted' });
});

test('the schema refuses what the domain rules out', async () => {
  await answer();
  await expect(answer()).rejects.toThrow('UNIQUE'); // two running answers in one conversation
  await expect(
    insertMessage(db, { conversationId, role: 'user', text: '', state: 'error', createdAtMs: 1 }),
  ).rejects.toThrow('CHECK');
  const [message] = await listMessages(db, conversationId);
  await expect(
    // an incomplete provenance
    db.run(sql`UPDATE messages SET model_name = 'x' WHERE id = ${message!.id}`),
  ).rejects.toThrow('CHECK');
  await expect(db.run(sql`UPDATE messages SET conversation_id = 999 WHERE id = ${message!.id}`)).rejects.toThrow(
    'FOREIGN KEY',
  );
});
