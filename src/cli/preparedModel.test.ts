import { cp, mkdtemp, readdir, rm, stat, truncate, utimes } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import golden from '../worker/golden/demoModel.json';
import { demoModel, runCli } from './runCli.test-support';

let root: string;
let checkpoint: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'deskmate-cli-prepared-'));
  checkpoint = join(root, 'checkpoint');
  await cp(demoModel, checkpoint, { recursive: true });
});
afterAll(() => rm(root, { recursive: true }));

const { messages, prompt_ids: ids } = golden.prompts[0]!;

async function prepare(precision: string, device: string): Promise<string> {
  const out = await mkdtemp(join(root, 'prepared-'));
  const options = ['--source', checkpoint, '--precision', precision, '--device', device, '--out', out];
  expect((await runCli(['prepare', ...options])).exitCode).toBe(0);
  return out;
}

const logits = (model: string, precision: string, device = 'cpu') =>
  runCli(['logits', '--model', model, '--precision', precision, '--device', device], { ids, top: 5 });

/** When each file was written. */
const timesIn = async (folder: string) =>
  Promise.all((await readdir(folder)).sort().map(async (file) => [file, (await stat(join(folder, file))).mtimeMs]));

test.each(['int4', 'bf16'])('a folder that was prepared in %s is a model, and stays as it is', async (precision) => {
  const prepared = await prepare(precision, 'cpu');
  const times = await timesIn(prepared);
  const { exitCode, lines, stderr } = await logits(prepared, precision);
  expect({ exitCode, lines }).toEqual({ exitCode: 0, lines: (await logits(checkpoint, precision)).lines });
  expect(stderr).not.toContain('preparing');
  const way = ['--precision', precision, '--device', 'cpu', '--greedy'];
  const answer = await runCli(['generate', '--model', prepared, ...way], { messages });
  expect(answer.lines.at(-1)).toMatchObject({ type: 'done', text: golden.prompts[0]!.greedy_text });
  expect(await timesIn(prepared)).toEqual(times);
});

test('what such a folder is not, or is no more, is told', async () => {
  const prepared = await prepare('int8', 'cpu');
  const refusal = (problem: string) => ({
    exitCode: 1,
    lines: [{ error: { code: 'cli.usage', message: expect.stringContaining(problem) as unknown } }],
  });
  const other = `${prepared} holds int8 for the CPU; ask for these`;
  expect(await logits(prepared, 'int4')).toMatchObject(refusal(other));
  expect(await logits(prepared, 'int8', 'gpu')).toMatchObject(refusal(other));

  const shard = join(checkpoint, 'model-00001-of-00002.safetensors');
  const { atime, mtime } = await stat(shard);
  await utimes(shard, atime, 0);
  expect(await logits(prepared, 'int8')).toMatchObject(
    refusal(`${prepared} was prepared before ${checkpoint} changed`),
  );
  await utimes(shard, atime, mtime);

  await truncate(join(prepared, 'lm_head.weight.bin'), 100);
  expect(await logits(prepared, 'int8')).toMatchObject(refusal(`${prepared} is not whole`));
});

test('without its checkpoint such a folder lacks the embedding, and the place of that is named', async () => {
  const prepared = await prepare('int8', 'cpu');
  await rm(checkpoint, { recursive: true });
  const message = expect.stringContaining(checkpoint) as unknown;
  expect(await logits(prepared, 'int8')).toMatchObject({ lines: [{ error: { code: 'model.notFound', message } }] });
});
