import { mkdtemp, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { openCheckpoint, type Checkpoint } from '../checkpoint/checkpoint';
import { tinyWeights, writeTinyCheckpoint } from '../checkpoint/tinyCheckpoint.test-support';
import tiny32 from '../golden/tinyQwen32.json' with { type: 'json' };
import { prepareCheckpoint, type PrepareOptions } from './prepareCheckpoint';
import { quantizeNf4 } from './nf4';

const weights = tinyWeights(tiny32.config, tiny32.weight_scale);
let checkpoint: Checkpoint;
let preparedFolder: string;

beforeEach(async () => {
  checkpoint = await openCheckpoint(await writeTinyCheckpoint(tiny32.config, weights));
  preparedFolder = await mkdtemp(path.join(os.tmpdir(), 'deskmate-prepared-'));
  onTestFinished(() => rm(preparedFolder, { recursive: true }));
});

const prepare = (options: Partial<PrepareOptions> = {}) =>
  prepareCheckpoint({ checkpoint, preparedFolder, precision: 'nf4', floatType: 'float32', ...options });

test('the manifest says where each part of a tensor lies', async () => {
  const { folder, manifest } = await prepare();
  const name = 'transformer.h.0.attn.c_proj.weight';
  const tensor = manifest.tensors[name]!;
  if (tensor.encoding !== 'nf4') throw new Error(tensor.encoding);
  const file = await readFile(path.join(folder, 'weights.bin'));
  const at = ({ offset, byteLength }: { offset: number; byteLength: number }) =>
    file.subarray(offset, offset + byteLength);
  const expected = quantizeNf4(weights.get(name)!.values);
  expect(Buffer.compare(at(tensor.codes), expected.codes)).toBe(0);
  expect(Buffer.compare(at(tensor.absmax), Buffer.from(expected.absmax.buffer))).toBe(0);
});

test('the embedding is left where it is, lm_head takes 8 bits, norms and biases stay whole', async () => {
  const { manifest } = await prepare({ precision: 'int4' });
  const encodings = Object.fromEntries(
    Object.entries(manifest.tensors).map(([name, { encoding }]) => [name, encoding]),
  );
  expect(encodings['transformer.wte.weight']).toBeUndefined();
  expect(manifest.tensors['lm_head.weight']).toMatchObject({ encoding: 'blockwise', bits: 8 });
  expect(manifest.tensors['transformer.h.0.mlp.w1.weight']).toMatchObject({ encoding: 'blockwise', bits: 4 });
  expect(encodings['transformer.ln_f.weight']).toBe('plain');
  expect(encodings['transformer.h.1.attn.c_attn.bias']).toBe('plain');
});

test('what is prepared is found again, and each precision and number format has its own', async () => {
  const first = await prepare();
  const { mtimeMs } = await stat(path.join(first.folder, 'weights.bin'));
  expect(await prepare()).toEqual(first);
  expect((await stat(path.join(first.folder, 'weights.bin'))).mtimeMs).toBe(mtimeMs);
  await prepare({ precision: 'int8' });
  await prepare({ floatType: 'float16' });
  expect(await readdir(preparedFolder)).toHaveLength(3);
});

test('a folder that is not whole is made anew', async () => {
  const { folder, manifest } = await prepare();
  const whole = await readFile(path.join(folder, 'weights.bin'));
  const harms = [
    () => truncate(path.join(folder, 'weights.bin'), 100),
    () => rm(path.join(folder, 'manifest.json')),
    () => writeFile(path.join(folder, 'manifest.json'), '{"formatVersion":0}'),
  ];
  for (const harm of harms) {
    await harm();
    expect((await prepare()).manifest).toEqual(manifest);
    expect(Buffer.compare(await readFile(path.join(folder, 'weights.bin')), whole)).toBe(0);
  }
});

test('a stop leaves nothing behind, and progress ends at the whole', async () => {
  const abort = new AbortController();
  const stopped = prepare({ signal: abort.signal, onProgress: (done, total) => done > total / 2 && abort.abort() });
  await expect(stopped).rejects.toMatchObject({ name: 'AbortError' });
  expect(await readdir(preparedFolder)).toEqual([]);

  const progress: [number, number][] = [];
  await prepare({ onProgress: (done, total) => progress.push([done, total]) });
  const [done, total] = progress.at(-1)!;
  expect(done).toBe(total);
  expect(progress.map(([bytes]) => bytes)).toEqual(progress.map(([bytes]) => bytes).toSorted((a, b) => a - b));
});

test('a place that cannot be written to is an error that names it', async () => {
  await writeFile(path.join(preparedFolder, 'file'), '');
  await expect(prepare({ preparedFolder: path.join(preparedFolder, 'file') })).rejects.toMatchObject({
    code: 'prepare.failed',
  });
});
