import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ChatTurn } from '../../shared/generation';
import type { ChatModel } from './chatModel';
import { openChatModel } from './openChatModel';

const modelFolder = path.resolve(import.meta.dirname, '../../../assets/demo-model');
const story = '给我讲一个年轻人奋斗创业最终取得成功的故事。';
const ask = (content: string): ChatTurn[] => [{ role: 'user', content }];
const quiet = { onPrefill: () => undefined, onDelta: () => undefined };
const never = new AbortController().signal;

let preparedFolder: string;
let chat: ChatModel;
const stages: string[] = [];

beforeAll(async () => {
  preparedFolder = await mkdtemp(path.join(os.tmpdir(), 'deskmate-prepared-'));
  chat = await openChatModel({
    modelFolder,
    preparedFolder,
    fingerprint: null,
    precision: 'int8',
    device: 'cpu',
    forms: null,
    proof: null,
    measurements: [],
    onProgress: ({ stage }) => stages.push(stage),
    signal: never,
  });
});
afterAll(async () => {
  await chat.close();
  await rm(preparedFolder, { recursive: true });
});

test('says what it opened, and how far it was meanwhile', () => {
  expect(chat.opened).toMatchObject({
    precision: 'int8',
    device: 'cpu',
    reason: 'chosen',
    executionProvider: 'CPUExecutionProvider',
    computedIn: 'float32',
    contextLength: 2048, // max_position_embeddings of the demo model
  });
  expect([...new Set(stages)]).toEqual(['starting', 'preparing', 'opening', 'warmingUp']);
});

test('the deltas joined are the answer, and count its tokens', async () => {
  let text = '';
  let tokens = 0;
  const answer = await chat.answer(
    ask('你好'),
    { greedy: true },
    {
      ...quiet,
      signal: never,
      onDelta: (delta, count) => {
        text += delta;
        tokens += count;
      },
    },
  );
  // The model card's own first reply.
  expect(answer).toMatchObject({ text: '你好！很高兴为你提供帮助。', finishReason: 'stop' });
  expect(text).toBe(answer.text);
  expect(tokens).toBe(answer.ids.length);
  expect(answer.stats).toMatchObject({ newTokens: answer.ids.length, precision: 'int8', device: 'cpu' });
});

test('the same seed gives the same text, another seed another', async () => {
  const sample = async (seed: number) => {
    // From the same cache: a prompt that is found in it is computed in other steps, and rounded differently.
    await chat.answer(ask('你好'), { maxNewTokens: 1 }, { ...quiet, signal: never });
    const sampling = { seed, temperature: 2, topP: 1, maxNewTokens: 24 };
    return (await chat.answer(ask(story), sampling, { ...quiet, signal: never })).text;
  };
  const first = await sample(1);
  expect(await sample(1)).toBe(first);
  expect(await sample(2)).not.toBe(first);
});

test('the token limit ends an answer', async () => {
  const { ids, finishReason } = await chat.answer(ask(story), { maxNewTokens: 5 }, { ...quiet, signal: never });
  expect({ tokens: ids.length, finishReason }).toEqual({ tokens: 5, finishReason: 'length' });
});

test('a stop is heeded within one token, and the next answer is none the worse', async () => {
  const abort = new AbortController();
  let tokens = 0;
  const stopped = await chat.answer(
    ask(story),
    { greedy: true },
    {
      ...quiet,
      signal: abort.signal,
      onDelta: (_, count) => {
        tokens += count;
        if (tokens >= 3) abort.abort();
      },
    },
  );
  expect(stopped.finishReason).toBe('aborted');
  expect(stopped.ids.length).toBe(tokens);
  const next = await chat.answer(ask('你好'), { greedy: true }, { ...quiet, signal: never });
  expect(next.text).toBe('你好！很高兴为你提供帮助。');
});

test('a stop that comes from outside gets in while tokens are computed', async () => {
  const abort = new AbortController();
  setImmediate(() => abort.abort());
  const { finishReason, ids } = await chat.answer(ask(story), {}, { ...quiet, signal: abort.signal });
  expect(finishReason).toBe('aborted');
  expect(ids.length).toBeLessThanOrEqual(1);
});

test('a long prompt stops between two chunks of its prefill', async () => {
  const abort = new AbortController();
  const progress: number[] = [];
  const { finishReason, ids } = await chat.answer(
    ask('很长的问题。'.repeat(100)),
    {},
    {
      ...quiet,
      signal: abort.signal,
      onPrefill: (done) => {
        progress.push(done);
        if (done > 0) abort.abort();
      },
    },
  );
  expect({ finishReason, ids }).toEqual({ finishReason: 'aborted', ids: [] });
  expect(progress.filter((done) => done > 0).length).toBeLessThanOrEqual(2);
});

test('a question too long for the context is refused with the count and the limit', async () => {
  const question = ask('很长的问题。'.repeat(2000));
  await expect(chat.answer(question, {}, { ...quiet, signal: never })).rejects.toMatchObject({
    code: 'prompt.tooLong',
    params: { limit: 2048 - 320 }, // the demo model's max_new_tokens are kept free
  });
});

test('a follow-up computes only what is new, and answers as a fresh model does', async () => {
  const name: ChatTurn[] = [{ role: 'user', content: 'My name is Sophie.' }];
  const first = await chat.answer(name, { greedy: true }, { ...quiet, signal: never });
  const turns: ChatTurn[] = [
    ...name,
    { role: 'assistant', content: first.text },
    { role: 'user', content: 'What is my name?' },
  ];
  const second = await chat.answer(turns, { greedy: true }, { ...quiet, signal: never });
  expect(second.text).toBe('Your name is Sophie.'); // the model card's
  expect(second.stats.reusedTokens).toBeGreaterThan(first.stats.promptTokens);
  await chat.answer(ask('你好'), { greedy: true }, { ...quiet, signal: never });
  const again = await chat.answer(turns, { greedy: true }, { ...quiet, signal: never });
  expect(again.ids).toEqual(second.ids);
  expect(again.stats.reusedTokens).toBeLessThan(second.stats.reusedTokens);
});
