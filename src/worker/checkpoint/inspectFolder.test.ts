import { execFileSync } from 'node:child_process';
import { cp, mkdtemp, readdir, readFile, rename, rm, stat, truncate, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { inspectFolder } from './inspectFolder';

const demo = path.resolve(import.meta.dirname, '../../../assets/demo-model');
const [first, second] = ['model-00001-of-00002.safetensors', 'model-00002-of-00002.safetensors'] as const;

let folder: string;
beforeEach(async () => {
  const root = await mkdtemp(path.join(os.tmpdir(), 'deskmate-inspect-'));
  onTestFinished(() => rm(root, { recursive: true }));
  folder = path.join(root, 'model');
  await cp(demo, folder, { recursive: true });
});

const remove = (...names: string[]) => Promise.all(names.map((name) => rm(path.join(folder, name))));

test('a whole folder: its shape, and the files that are needed with their sizes', async () => {
  await writeFile(path.join(folder, 'holiday.jpg'), 'not ours');
  const { shape, files } = await inspectFolder(folder);
  expect(shape).toEqual({ layers: 6, hiddenSize: 192, heads: 3, feedForwardSize: 512, vocabularySize: 4096 });
  const needed = [
    'config.json',
    'qwen.tiktoken',
    'model.safetensors.index.json',
    first,
    second,
    'generation_config.json',
  ];
  expect(files.map((file) => file.path)).toEqual(needed);
  for (const file of files) expect(file.bytes).toBe((await stat(path.join(demo, file.path))).size);
});

test('without a generation config it is whole, too', async () => {
  await remove('generation_config.json');
  expect((await inspectFolder(folder)).files.map((file) => file.path)).not.toContain('generation_config.json');
});

test.each([
  [['config.json'], 'config.json'],
  [['qwen.tiktoken', first, second], `qwen.tiktoken, ${first}, ${second}`],
  [['model.safetensors.index.json'], 'model.safetensors.index.json'],
  [['model.safetensors.index.json', first], `model.safetensors.index.json, ${first}`],
  [['model.safetensors.index.json', first, second], 'model.safetensors'],
])('without %j it lacks %s', async (removed, file) => {
  await remove(...removed);
  await expect(inspectFolder(folder)).rejects.toMatchObject({ code: 'checkpoint.missingFile', params: { file } });
});

test('a folder with nothing of a model, or none at all', async () => {
  await remove(...(await readdir(demo)));
  await writeFile(path.join(folder, 'holiday.jpg'), '');
  for (const place of [folder, path.join(folder, 'gone'), path.join(folder, 'holiday.jpg')])
    await expect(inspectFolder(place)).rejects.toMatchObject({ code: 'model.notFound', params: { path: place } });
});

/** As a download leaves a text that broke off between two lines. */
async function keepLines(file: string, count: number): Promise<void> {
  const lines = (await readFile(file, 'utf8')).split('\n');
  await writeFile(file, `${lines.slice(0, count).join('\n')}\n`);
}

test('damage is named, in weights, vocabulary and configuration', async () => {
  const harms: [string, (file: string) => Promise<void>, string][] = [
    [second, (file) => truncate(file, 10_000), 'checkpoint.invalidShard'],
    ['qwen.tiktoken', (file) => writeFile(file, 'no vocabulary'), 'tokenizer.invalidVocabulary'],
    ['qwen.tiktoken', (file) => keepLines(file, 1000), 'tokenizer.otherVocabulary'],
    ['generation_config.json', (file) => writeFile(file, '{"top_p": 2}'), 'checkpoint.invalidGenerationConfig'],
    ['config.json', (file) => writeFile(file, '{"model_type": "llama"}'), 'checkpoint.unsupported'],
  ];
  for (const [name, harm, code] of harms) {
    const file = path.join(folder, name);
    await rename(file, `${file}.right`);
    await cp(`${file}.right`, file);
    await harm(file);
    await expect(inspectFolder(folder)).rejects.toMatchObject({ code });
    await rename(`${file}.right`, file);
  }
  await inspectFolder(folder);
});

test.skipIf(process.platform === 'win32').each([
  ['config.json', { code: 'checkpoint.unreadable', params: { file: 'config.json', reason: 'no regular file' } }],
  ['qwen.tiktoken', { code: 'checkpoint.missingFile', params: { file: 'qwen.tiktoken' } }],
  ['model.safetensors.index.json', { code: 'checkpoint.unreadable' }],
  [second, { code: 'checkpoint.invalidShard', params: { file: second, reason: 'it is no file' } }],
  ['generation_config.json', { code: 'checkpoint.invalidGenerationConfig' }],
])('a pipe in the place of %s is told at once', async (name, error) => {
  await remove(name);
  execFileSync('mkfifo', [path.join(folder, name)]);
  await expect(inspectFolder(folder)).rejects.toMatchObject(error);
});
