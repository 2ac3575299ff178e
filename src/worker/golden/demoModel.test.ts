import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Device, Precision } from '../../shared/precision';
import { openChatModel } from '../chat/openChatModel';
import { perplexity } from '../generation/perplexity';
import { openQwenModel } from '../runtime/openQwenModel';
import golden from './demoModel.json' with { type: 'json' };

// demoModel.json: float32 values of the bundled checkpoint, computed with PyTorch by tools/demo-model/make_golden.py.
const modelFolder = path.resolve(import.meta.dirname, '../../../assets/demo-model');

let preparedFolder: string;
beforeAll(async () => {
  preparedFolder = await mkdtemp(path.join(os.tmpdir(), 'deskmate-prepared-'));
});
afterAll(() => rm(preparedFolder, { recursive: true }));

const openDemo = async (precision: Precision, device: Device) => {
  const weights = { modelFolder, preparedFolder, fingerprint: null };
  const { model } = await openQwenModel({ ...weights, precision, device, contextLength: 2048 });
  return model;
};

const openChat = (precision: Precision, device: Device) =>
  openChatModel({
    modelFolder,
    preparedFolder,
    fingerprint: null,
    precision,
    device,
    forms: null,
    proof: null,
    measurements: [],
    onProgress: () => undefined,
    signal: new AbortController().signal,
  });

const follow = () => ({ signal: new AbortController().signal, onPrefill: () => undefined, onDelta: () => undefined });

const asTurns = (messages: (typeof golden.prompts)[number]['messages']) =>
  messages.map(({ role, content }) => ({ role: role as 'system' | 'user' | 'assistant', content }));

test('bf16 on the CPU: the top 20 logits of every golden prompt', async () => {
  const model = await openDemo('bf16', 'cpu');
  for (const { prompt_ids, last_logits_top20 } of golden.prompts) {
    const { logits } = (await model.prefill(prompt_ids))!;
    for (const [id, logit] of last_logits_top20) expect(Math.abs(logits[id!]! - logit!)).toBeLessThan(2e-3);
  }
  await model.close();
});

test('bf16 on the CPU: dynamic NTK and log-n beyond the training length', async () => {
  const model = await openDemo('bf16', 'cpu');
  const { ids, last_logits_top20, logits_sum } = golden.ntk_logn;
  const { logits } = (await model.prefill(ids))!;
  for (const [id, logit] of last_logits_top20) expect(Math.abs(logits[id!]! - logit!)).toBeLessThan(2e-3);
  expect(Math.abs(logits.reduce((a, b) => a + b) - logits_sum)).toBeLessThan(0.5);
  await model.close();
});

test('bf16 on the CPU: mean negative log-likelihood', async () => {
  const model = await openDemo('bf16', 'cpu');
  const { text_ids, reply_spans, mean_nll, tokens, reply_mean_nll, reply_tokens } = golden.perplexity;
  const whole = await perplexity(model, text_ids);
  expect(whole.tokens).toBe(tokens);
  expect(Math.abs(whole.meanNll - mean_nll)).toBeLessThan(1e-3);
  const replies = await perplexity(model, text_ids, reply_spans as [number, number][][]);
  expect(replies.tokens).toBe(reply_tokens);
  expect(Math.abs(replies.meanNll - reply_mean_nll)).toBeLessThan(1e-3);
  await model.close();
});

/** A stop token ends the reference's ids; it is no part of an answer. */
const stopId = 3882;

const greedily = async (precision: Precision, device: Device) => {
  const chat = await openChat(precision, device);
  const answers = [];
  for (const { messages } of golden.prompts)
    answers.push(await chat.answer(asTurns(messages), { greedy: true, maxNewTokens: 64 }, follow()));
  await chat.close();
  return answers;
};

test('bf16 on the CPU: greedy text is the reference text', async () => {
  for (const [i, { text, ids, finishReason }] of (await greedily('bf16', 'cpu')).entries()) {
    const { greedy_text, greedy_ids } = golden.prompts[i]!;
    const isEnded = greedy_ids.at(-1) === stopId;
    expect({ text, ids, finishReason }).toEqual({
      text: greedy_text,
      ids: isEnded ? greedy_ids.slice(0, -1) : greedy_ids,
      finishReason: isEnded ? 'stop' : 'length',
    });
  }
});

test('bf16 on the GPU, in float16: greedy text leaves the reference only where its two best tokens are nearly equal', async () => {
  for (const [i, { text }] of (await greedily('bf16', 'gpu')).entries()) {
    const { greedy_text, min_top2_gap } = golden.prompts[i]!;
    if (min_top2_gap >= 0.05) expect(text).toBe(greedy_text);
  }
}, 300_000);

describe.each(['cpu', 'gpu'] as const)('on the %s', (device) => {
  // The bounds are twice the loss measured when the formats were chosen, so a wrong scale or nibble order is far outside.
  test.each([
    ['bf16', 0.001],
    ['int8', 0.001],
    ['nf4', 0.004],
    ['int4', device === 'cpu' ? 0.004 : 0.0015], // blocks of 128, of 32
  ] as const)('%s loses less than %f nats a reply token against the reference', async (precision, bound) => {
    const model = await openDemo(precision, device);
    const { text_ids, reply_spans, reply_mean_nll } = golden.perplexity;
    const { meanNll } = await perplexity(model, text_ids, reply_spans as [number, number][][]);
    expect(meanNll - reply_mean_nll).toBeLessThan(bound);
    await model.close();
  }, 120_000);
});
