import { mkdir, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parseGenerationConfig, readGenerationConfig } from './generationConfig';

test('the settings of a checkpoint are read', async () => {
  // assets/demo-model/generation_config.json
  expect(await readGenerationConfig(`${import.meta.dirname}/../../../assets/demo-model`)).toEqual({
    doSample: true,
    temperature: 1,
    topP: 0.02,
    topK: 0,
    repetitionPenalty: 1,
    maxNewTokens: 320,
    maxWindowSize: 512,
  });
});

test('a folder without the file is sampled as Qwen-7B-Chat', async () => {
  // The file at huggingface.co/Qwen/Qwen-7B-Chat since November 2023.
  expect(await readGenerationConfig(await mkdtemp(join(tmpdir(), 'checkpoint-')))).toEqual({
    doSample: true,
    temperature: 1,
    topP: 0.8,
    topK: 0,
    repetitionPenalty: 1.1,
    maxNewTokens: 512,
    maxWindowSize: 24_000,
  });
});

test('a key left out is off, and the window is the one of the first releases', () => {
  // The file of August 2023: top_p 0.8, no penalty, no window; 6144 stood in the code.
  const text =
    '{"chat_format":"chatml","do_sample":true,"top_k":0,"top_p":0.8,"max_new_tokens":512,"decay_factor":1.0}';
  expect(parseGenerationConfig(text)).toMatchObject({ topP: 0.8, repetitionPenalty: 1, maxWindowSize: 6144 });
});

test.each([
  ['{"top_p": "0.8"}', 'top_p: '],
  ['{"top_p": -0.1}', 'top_p: '],
  ['{"top_p": 1.5}', 'top_p: '],
  ['{"top_k": -1}', 'top_k: '],
  ['{"repetition_penalty": 0}', 'repetition_penalty: '],
  ['{"max_new_tokens": 1.5}', 'max_new_tokens: '],
  ['{"do_sample": 1}', 'do_sample: '],
  ['{"temperature": null}', 'temperature: '],
  ['[]', ''],
  ['{', 'it is not JSON'],
])('%s is refused with a reason', (text, reason) => {
  expect(() => parseGenerationConfig(text)).toThrow(`checkpoint.invalidGenerationConfig {"reason":"${reason}`);
});

test('a folder in place of the file is told', async () => {
  const model = await mkdtemp(join(tmpdir(), 'checkpoint-'));
  await mkdir(join(model, 'generation_config.json'));
  await expect(readGenerationConfig(model)).rejects.toMatchObject({
    code: 'checkpoint.invalidGenerationConfig',
    params: { reason: 'it cannot be read (EISDIR)' },
  });
});
