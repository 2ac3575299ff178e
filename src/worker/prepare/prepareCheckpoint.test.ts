import { execFileSync } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { openCheckpoint, type Checkpoint } from '../checkpoint/checkpoint';
import { floatToHalf } from '../checkpoint/dtype';
import { tinyWeights, writeTinyCheckpoint } from '../checkpoint/tinyCheckpoint.test-support';
import tiny32 from '../golden/tinyQwen32.json' with { type: 'json' };
import { quantizeNf4 } from '../quantize/nf4';
import { prepareCheckpoint, sourceBytes, type PrepareOptions } from './prepareCheckpoint';
import type { PreparedSpan } from './preparedManifest';
import { sha256OfFiles } from './sha256OfFiles.test-support';

const weights = tinyWeights(tiny32.config, tiny32.weight_scale);
let checkpoint: Checkpoint;
let folder: string;

beforeEach(async () => {
  checkpoint = await openCheckpoint(await writeTinyCheckpoint(tiny32.config, weights));
  folder = await mkdtemp(path.join(os.tmpdir(), 'deskmate-prepared-'));
  onTestFinished(() => rm(folder, { recursive: true }));
});

const prepare = (options: Partial<PrepareOptions> = {}) =>
  prepareCheckpoint({ checkpoint, folder, precision: 'nf4', floatType: 'float32', ...options });

const bytesAt = async ({ file, offset, byteLength }: PreparedSpan) =>
  (await readFile(path.join(folder, file))).subarray(offset, offset + byteLength);

test('the manifest says where each part of a tensor lies', async () => {
  const { manifest } = await prepare();
  const name = 'transformer.h.0.attn.c_proj.weight';
  const tensor = manifest.tensors[name]!;
  if (tensor.encoding !== 'nf4') throw new Error(tensor.encoding);
  const expected = quantizeNf4(weights.get(name)!.values);
  expect(Buffer.compare(await bytesAt(tensor.codes), expected.codes)).toBe(0);
  expect(Buffer.compare(await bytesAt(tensor.absmax), Buffer.from(expected.absmax.buffer))).toBe(0);
});

test('the embedding is left where it is, lm_head takes 8 bits, norms and biases stay whole', async () => {
  const { manifest } = await prepare({ precision: 'int4' });
  expect(manifest.tensors['transformer.wte.weight']).toBeUndefined();
  expect(manifest.tensors['lm_head.weight']).toMatchObject({ encoding: 'blockwise', bits: 8 });
  expect(manifest.tensors['transformer.h.0.mlp.w1.weight']).toMatchObject({ encoding: 'blockwise', bits: 4 });
  expect(manifest.tensors['transformer.ln_f.weight']).toMatchObject({ encoding: 'plain' });
  const bias = manifest.tensors['transformer.h.1.attn.c_attn.bias']!;
  if (bias.encoding !== 'plain') throw new Error(bias.encoding);
  const { values } = weights.get('transformer.h.1.attn.c_attn.bias')!;
  expect(Buffer.compare(await bytesAt(bias.values), Buffer.from(values.buffer))).toBe(0);
});

test('bf16 for a GPU is float16, each matrix with its inputs as rows', async () => {
  const { manifest } = await prepare({ precision: 'bf16', floatType: 'float16' });
  const name = 'transformer.h.1.mlp.w1.weight';
  const tensor = manifest.tensors[name]!;
  if (tensor.encoding !== 'plain') throw new Error(tensor.encoding);
  expect(tensor.isTransposed).toBe(true);
  const { values, shape } = weights.get(name)!;
  const [outputs, inputs] = [shape[0]!, shape[1]!];
  const bytes = await bytesAt(tensor.values);
  for (let output = 0; output < outputs; output++)
    for (let input = 0; input < inputs; input++)
      expect(bytes.readUInt16LE((input * outputs + output) * 2)).toBe(floatToHalf(values[output * inputs + input]!));
});

test('bf16 for a CPU is only looked at: the checkpoint itself is the prepared form', async () => {
  const progress: number[] = [];
  const { manifest } = await prepare({ precision: 'bf16', onProgress: (done) => progress.push(done) });
  expect(manifest.tensors).toEqual({});
  expect(await readdir(folder)).toEqual(['manifest.json', 'model.onnx']);
  expect(progress.at(-1)).toBe(sourceBytes({ checkpoint, precision: 'bf16', floatType: 'float32' }));
});

test('the manifest knows length and sha256 of every file', async () => {
  const { manifest } = await prepare({ precision: 'int8' });
  const { 'manifest.json': ofManifest, ...sums } = await sha256OfFiles(folder);
  expect(ofManifest).toBeDefined();
  expect(Object.fromEntries(Object.entries(manifest.files).map(([file, { sha256 }]) => [file, sha256]))).toEqual(sums);
  for (const [file, { byteLength }] of Object.entries(manifest.files))
    expect((await stat(path.join(folder, file))).size).toBe(byteLength);
});

test('where the checkpoint lies is said where that is asked for, and not forgotten', async () => {
  expect((await prepare()).manifest.checkpointFolder).toBeNull();
  const files = await sha256OfFiles(folder);
  const { manifest } = await prepare({ namesCheckpoint: true });
  expect(manifest.checkpointFolder).toBe(checkpoint.folder);
  expect(await sha256OfFiles(folder)).toEqual({ ...files, 'manifest.json': expect.any(String) as unknown });
  expect((await prepare()).manifest).toEqual(manifest);
});

test('what is prepared is found again; another precision replaces it', async () => {
  const first = await prepare();
  const file = path.join(folder, 'lm_head.weight.bin');
  const { mtimeMs } = await stat(file);
  expect(await prepare({ onProgress: () => expect.unreachable('there is nothing to do') })).toEqual(first);
  expect((await stat(file)).mtimeMs).toBe(mtimeMs);
  const { manifest } = await prepare({ precision: 'int8' });
  expect(manifest.identity.precision).toBe('int8');
  expect((await prepare()).manifest).toEqual(first.manifest);
});

test('a folder that is not whole is made anew', async () => {
  const { manifest } = await prepare();
  const whole = await sha256OfFiles(folder);
  const harms = [
    () => truncate(path.join(folder, 'lm_head.weight.bin'), 100),
    () => rm(path.join(folder, 'manifest.json')),
    () => writeFile(path.join(folder, 'manifest.json'), '{"identity":{"formatVersion":1}}'),
  ];
  for (const harm of harms) {
    await harm();
    expect((await prepare()).manifest).toEqual(manifest);
    expect(await sha256OfFiles(folder)).toEqual(whole);
  }
});

test('after a stop the next run goes on with the files that were whole', async () => {
  const abort = new AbortController();
  const stopped = prepare({ signal: abort.signal, onProgress: (done, total) => done > total / 2 && abort.abort() });
  await expect(stopped).rejects.toMatchObject({ name: 'AbortError' });
  expect(await readdir(folder)).not.toContain('manifest.json');

  const progress: [number, number][] = [];
  await prepare({ onProgress: (done, total) => progress.push([done, total]) });
  const [first, last] = [progress[0]!, progress.at(-1)!];
  expect(first[0]).toBeGreaterThan(first[1] / 4);
  expect(last[0]).toBe(last[1]);
  expect(progress.map(([done]) => done)).toEqual(progress.map(([done]) => done).toSorted((a, b) => a - b));
  const resumed = await sha256OfFiles(folder);
  await rm(path.join(folder, 'manifest.json'));
  await prepare();
  expect(resumed).toEqual(await sha256OfFiles(folder));
});

test('foreign files in the folder are left alone', async () => {
  await writeFile(path.join(folder, 'notes.txt'), 'mine');
  await prepare();
  expect(await readFile(path.join(folder, 'notes.txt'), 'utf8')).toBe('mine');
});

test("a manifest of another program's is neither used nor replaced", async () => {
  const file = path.join(folder, 'manifest.json');
  await writeFile(file, '{"name": "mine"}');
  await expect(prepare()).rejects.toMatchObject({ code: 'folder.notEmpty', params: { folder } });
  expect(await readdir(folder)).toEqual(['manifest.json']);
  expect(await readFile(file, 'utf8')).toBe('{"name": "mine"}');
});

test('a file whose bytes changed is found where that is asked for, and made anew', async () => {
  await prepare();
  const whole = await sha256OfFiles(folder);
  const file = path.join(folder, 'lm_head.weight.bin');
  const bytes = await readFile(file);
  bytes[1000]! ^= 1;
  await writeFile(file, bytes);
  const head = checkpoint.tensors.get('lm_head.weight')!;
  await prepare(); // its size is right
  expect(await sha256OfFiles(folder)).not.toEqual(whole);
  const done: number[] = [];
  await prepare({ isVerified: true, onProgress: (bytes) => done.push(bytes) });
  expect(await sha256OfFiles(folder)).toEqual(whole);
  const [embedding, total] = [checkpoint.tensors.get('transformer.wte.weight')!, done.at(-1)!];
  expect(done[0]).toBeGreaterThan(total - head.byteLength - embedding.byteLength); // the others were kept
  done.length = 0;
  await prepare({ isVerified: true, onProgress: (bytes) => done.push(bytes) });
  expect(done).toEqual([]);
});

test('a place that cannot be written to is an error that names it', async () => {
  const file = path.join(folder, 'file');
  await writeFile(file, '');
  await expect(prepare({ folder: path.join(file, 'prepared') })).rejects.toMatchObject({ code: 'prepare.failed' });
});

test.skipIf(process.platform === 'win32').each([
  ['manifest.json', 'folder.notEmpty'],
  ['journal.jsonl', 'prepare.failed'],
  ['model.onnx', 'folder.notEmpty'],
])('a pipe by the name of %s is not waited for', async (name, code) => {
  execFileSync('mkfifo', [path.join(folder, name)]);
  await expect(prepare()).rejects.toMatchObject({ code });
});

test.skipIf(process.platform === 'win32')('a pipe in the place of weights is replaced', async () => {
  execFileSync('mkfifo', [path.join(folder, 'lm_head.weight.bin')]);
  const { manifest } = await prepare();
  const { size } = await stat(path.join(folder, 'lm_head.weight.bin'));
  expect(size).toBe(manifest.files['lm_head.weight.bin']!.byteLength);
});
