import { cp, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { Hardware } from '../shared/hardware';
import { ChoiceReason } from '../shared/model';
import { Device, Precision } from '../shared/precision';
import golden from '../worker/golden/demoModel.json';
import { demoModel, runCli } from './runCli.test-support';

const demo = ['--model', demoModel];
const answer = (line: unknown) => ({ exitCode: 0, lines: [line], stderr: '' });

test('tokenize gives the ids of the reference', async () => {
  const cases = [...golden.tokenizer, ...golden.tokenizer_nfc];
  const texts = cases.map(({ text }) => text);
  expect(await runCli(['tokenize', ...demo], texts)).toEqual(answer(cases.map(({ ids }) => ids)));
});

test('detokenize gives the texts of the reference', async () => {
  const cases = [...golden.tokenizer, ...golden.decode];
  const sequences = cases.map(({ ids }) => ids);
  expect(await runCli(['detokenize', ...demo], sequences)).toEqual(answer(cases.map(({ text }) => text)));
});

test('both need no more of a model than its vocabulary', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'cli-'));
  await cp(join(demoModel, 'qwen.tiktoken'), join(folder, 'qwen.tiktoken'));
  expect(await runCli(['tokenize', '--model', folder], ['你好', ''])).toEqual(answer([[1185], []]));
  // 3880 ordinary tokens: the third after them is <|im_end|>.
  expect(await runCli(['detokenize', '--model', folder], [[3882], []])).toEqual(answer(['<|im_end|>', '']));
});

test('prompt gives the ids of the reference', async () => {
  for (const { messages, prompt_ids } of golden.prompts.slice(0, 3)) {
    expect(await runCli(['prompt', ...demo], { messages })).toEqual(answer({ ids: prompt_ids, droppedTurns: 0 }));
  }
});

test('prompt drops what the window has no room for', async () => {
  const { messages } = golden.prompts[1]!; // one turn, then a question
  const question = golden.prompts[1]!.prompt_ids;
  // The system block, <|im_end|> included, has 13 ids and the turn 19: 32 must be less than the window.
  const whole = await runCli(['prompt', ...demo, '--max-window', '33'], { messages });
  const cut = await runCli(['prompt', ...demo, '--max-window', '32'], { messages });
  expect(whole).toEqual(answer({ ids: question, droppedTurns: 0 }));
  expect(cut).toEqual(answer({ ids: [...question.slice(0, 13), ...question.slice(32)], droppedTurns: 1 }));
});

test('prompt follows the window of the model', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'cli-'));
  await cp(join(demoModel, 'qwen.tiktoken'), join(folder, 'qwen.tiktoken'));
  await writeFile(join(folder, 'generation_config.json'), '{"max_window_size": 32}');
  const { messages } = golden.prompts[1]!;
  expect(await runCli(['prompt', '--model', folder], { messages })).toMatchObject({ lines: [{ droppedTurns: 1 }] });
});

test('hardware reads no stdin and tells what there is', async () => {
  const { exitCode, lines } = await runCli(['hardware']);
  expect(exitCode).toBe(0);
  const Told = Hardware.extend({
    recommended: z.object({ precision: Precision, device: Device, reason: ChoiceReason }),
  });
  expect(lines.map((line) => Told.strict().parse(line))).toHaveLength(1);
});
