import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ChatTurn } from '../../shared/generation';
import { openCheckpoint } from '../checkpoint/checkpoint';
import { checkpointWeights } from '../graph/weightSource';
import { QwenModel } from '../runtime/qwenModel';
import type { ChatModel } from './chatModel';
import { openChatModel } from './openChatModel';

// The demo model has 2,048 positions, and was trained on 512.
const modelFolder = path.resolve(import.meta.dirname, '../../../assets/demo-model');

let preparedFolder: string;
let chat: ChatModel;

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
    onProgress: () => undefined,
    signal: new AbortController().signal,
  });
});
afterAll(async () => {
  await chat.close();
  await rm(preparedFolder, { recursive: true });
});

/** System text and template take 25 tokens, each ！ is one of its own. */
const questionOf = (promptTokens: number): ChatTurn[] => [{ role: 'user', content: '！'.repeat(promptTokens - 25) }];

/** Prefill tells how far it is, so an empty `progress` is a model that did not run. */
function answerTo(turns: ChatTurn[], sampling: { maxNewTokens?: number } = {}) {
  const progress: (readonly [done: number, total: number])[] = [];
  const onPrefill = (done: number, total: number) => void progress.push([done, total]);
  const follow = { onPrefill, onDelta: () => undefined, signal: new AbortController().signal };
  return { progress, answer: chat.answer(turns, { greedy: true, ...sampling }, follow) };
}

test.each([
  // the model's own max_new_tokens, 320, are kept free
  [2048 - 320, {}],
  // of more, a quarter of the context
  [2048 - 512, { maxNewTokens: 1000 }],
  [2047, { maxNewTokens: 1 }],
])(
  'a prompt of %i tokens is answered with %j, and one token more is refused before anything runs',
  async (limit, sampling) => {
    const fitting = answerTo(questionOf(limit), sampling);
    const { ids, stats } = await fitting.answer;
    expect(stats.promptTokens).toBe(limit);
    expect(fitting.progress.at(-1)).toEqual([limit, limit]);
    expect(ids.length).toBeLessThanOrEqual(2048 - limit);

    const tooLong = answerTo(questionOf(limit + 1), sampling);
    await expect(tooLong.answer).rejects.toMatchObject({
      code: 'prompt.tooLong',
      params: { tokens: limit + 1, limit },
    });
    expect(tooLong.progress).toEqual([]);
  },
);

test('a refused question leaves the conversation as it was', async () => {
  const { stats } = await answerTo(questionOf(600)).answer;
  await expect(answerTo(questionOf(2048)).answer).rejects.toMatchObject({ code: 'prompt.tooLong' });
  const again = await answerTo(questionOf(600)).answer;
  expect(again.stats.reusedTokens).toBe(stats.promptTokens - 1);
});

test('at 2,048 tokens the logits are those of one run, and the context ends', async () => {
  const checkpoint = await openCheckpoint(modelFolder);
  const open = (chunkLength: number) =>
    QwenModel.open({
      config: checkpoint.config,
      weights: checkpointWeights(checkpoint),
      device: 'cpu',
      floatType: 'float32',
      contextLength: 2048,
      chunkLength,
    });
  const [chunked, atOnce] = [await open(64), await open(2048)];
  const ids = Array.from({ length: 2048 }, (_, i) => (i * 31 + 7) % 3000);
  const expected = (await atOnce.prefill(ids))!.logits;
  await chunked.prefill(ids.slice(0, 2047));
  const last = await chunked.decode(ids[2047]!);
  expect(Math.max(...last.map((logit, i) => Math.abs(logit - expected[i]!)))).toBeLessThan(2e-3);
  const tooLong = { code: 'prompt.tooLong', params: { tokens: 2049, limit: 2048 } };
  await expect(chunked.decode(1)).rejects.toMatchObject(tooLong);
  await expect(atOnce.prefill([...ids, 1])).rejects.toMatchObject(tooLong);
  await Promise.all([chunked.close(), atOnce.close()]);
});
