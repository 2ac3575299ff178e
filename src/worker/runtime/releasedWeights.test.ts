import { mkdtemp, readdir, readFile, rename, rm, truncate, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import type { Device, Precision } from '../../shared/precision';
import { floatTypeOn, preparedFormName } from '../../shared/preparedForm';
import { openCheckpoint } from '../checkpoint/checkpoint';
import { writeRandomCheckpoint } from '../checkpoint/randomCheckpoint.test-support';
import { Arrivals } from '../prepare/arrivals';
import { prepareArriving } from '../prepare/prepareArriving';
import { readPrepared } from '../prepare/preparedFolder';
import { PreparedManifest } from '../prepare/preparedManifest';
import { openQwenModel, type OpenQwenOptions } from './openQwenModel';

const fingerprint = '0123456789abcdef';
const prompt = [5, 77, 400, 3, 250];

let root: string;
let options: Omit<OpenQwenOptions, 'precision' | 'device'>;
beforeEach(async () => {
  root = await mkdtemp(path.join(os.tmpdir(), 'deskmate-released-'));
  onTestFinished(() => rm(root, { recursive: true }));
  const modelFolder = path.join(root, 'checkpoint');
  const preparedFolder = path.join(root, 'prepared');
  options = { modelFolder, preparedFolder, fingerprint, contextLength: 64 };
  await writeRandomCheckpoint(modelFolder, { layers: 2, hiddenSize: 128, feedForwardSize: 192, vocabularySize: 512 });
});

async function logitsOf(form: Pick<OpenQwenOptions, 'precision' | 'device'>): Promise<Float32Array> {
  const { model } = await openQwenModel({ ...options, ...form });
  try {
    return (await model.prefill(prompt))!.logits; // null only when it is aborted
  } finally {
    await model.close();
  }
}

/** Prepares a form that stands alone. */
async function prepare(precision: Precision, device: Device): Promise<void> {
  const checkpoint = await openCheckpoint(options.modelFolder, fingerprint);
  const folder = path.join(options.preparedFolder, preparedFormName(precision, device));
  const arrivals = new Arrivals();
  const form = { precision, floatType: floatTypeOn[device], isStandalone: true };
  const prepared = prepareArriving({ checkpoint, folder, ...form, arrivals, onDone: () => undefined });
  await arrivals.arrive([...checkpoint.tensors.values()]);
  await arrivals.conclude();
  await prepared;
}

async function release(): Promise<void> {
  const { modelFolder } = options;
  for (const name of await readdir(modelFolder)) if (name !== 'config.json') await rm(path.join(modelFolder, name));
}

test.each([
  ['bf16', 'cpu'],
  ['int8', 'cpu'],
  ['nf4', 'cpu'],
  ['int4', 'cpu'],
  ['bf16', 'gpu'],
] as const)('%s on the %s computes the same without the shards', async (precision, device) => {
  const form = { precision, device };
  const expected = await logitsOf(form);
  await prepare(precision, device);
  await release();
  expect(await logitsOf(form)).toEqual(expected);
});

test('a form that was not prepared, or is damaged, is an error with both its names', async () => {
  await prepare('int8', 'cpu');
  await release();
  const error = { code: 'model.originalsReleased', params: { precision: 'int8', device: 'gpu' } };
  await expect(logitsOf({ precision: 'int8', device: 'gpu' })).rejects.toMatchObject(error);
  await truncate(path.join(options.preparedFolder, 'int8-float32', 'lm_head.weight.bin'), 100);
  await expect(logitsOf({ precision: 'int8', device: 'cpu' })).rejects.toMatchObject({ code: error.code });
});

test('a form without the embedding does not do alone', async () => {
  await logitsOf({ precision: 'int8', device: 'cpu' });
  await release();
  const error = { code: 'model.originalsReleased' };
  await expect(logitsOf({ precision: 'int8', device: 'cpu' })).rejects.toMatchObject(error);
});

test('one shard that is missing is told by name: the others were not released', async () => {
  await prepare('int8', 'cpu');
  const file = 'model-00002-of-00002.safetensors';
  await rm(path.join(options.modelFolder, file));
  const error = { code: 'checkpoint.missingFile', params: { file } };
  await expect(logitsOf({ precision: 'int8', device: 'cpu' })).rejects.toMatchObject(error);
});

test('weights that are known by their content are found after a move', async () => {
  const form = { precision: 'int8', device: 'cpu' } as const;
  await logitsOf(form);
  const moved = path.join(root, 'elsewhere');
  await rename(options.modelFolder, moved);
  options = { ...options, modelFolder: moved };
  const onProgress = ({ stage }: { stage: string }) => expect(stage).not.toBe('preparing');
  const { model } = await openQwenModel({ ...options, ...form, onProgress });
  await model.close();
});

test('without a fingerprint weights are made anew in the same place when a shard changes', async () => {
  options = { ...options, fingerprint: null };
  const form = { precision: 'int8', device: 'cpu' } as const;
  const before = await logitsOf(form);
  const [folder] = await readdir(options.preparedFolder);
  const other = { layers: 2, hiddenSize: 128, feedForwardSize: 256, vocabularySize: 512 };
  await writeRandomCheckpoint(options.modelFolder, other);
  expect(await logitsOf(form)).not.toEqual(before);
  expect(await readdir(options.preparedFolder)).toEqual([folder]);
});

test('weights of an older engine still compute when there is nothing to make them anew from', async () => {
  const form = { precision: 'int8', device: 'cpu' } as const;
  await prepare('int8', 'cpu');
  const expected = await logitsOf(form);
  const file = path.join(options.preparedFolder, 'int8-float32', 'manifest.json');
  const manifest = PreparedManifest.parse(JSON.parse(await readFile(file, 'utf8')));
  await writeFile(file, JSON.stringify({ ...manifest, identity: { ...manifest.identity, engineVersion: 1 } }));
  await release();
  expect(await logitsOf(form)).toEqual(expected);
});

test('a form without a graph, of a Deskmate that made none, computes the same', async () => {
  const form = { precision: 'int8', device: 'cpu' } as const;
  await prepare('int8', 'cpu');
  const expected = await logitsOf(form);
  const folder = path.join(options.preparedFolder, 'int8-float32');
  const file = path.join(folder, 'manifest.json');
  const { files, identity, tensors } = PreparedManifest.parse(JSON.parse(await readFile(file, 'utf8')));
  delete files['model.onnx'];
  await writeFile(file, JSON.stringify({ files, identity, tensors }));
  await rm(path.join(folder, 'model.onnx'));
  await release();
  expect(await logitsOf(form)).toEqual(expected);
  expect(await readdir(folder)).not.toContain('model.onnx');
});

test('a form whose graph is damaged computes the same', async () => {
  const form = { precision: 'int8', device: 'cpu' } as const;
  await prepare('int8', 'cpu');
  const expected = await logitsOf(form);
  await release();
  await writeFile(path.join(options.preparedFolder, 'int8-float32', 'model.onnx'), 'damaged');
  expect(await logitsOf(form)).toEqual(expected);
});

test('a form that stands alone computes with no other file of the model', async () => {
  const form = { precision: 'nf4', device: 'cpu' } as const;
  await prepare('nf4', 'cpu');
  const expected = await logitsOf(form);
  const alone = (await readPrepared(path.join(options.preparedFolder, 'nf4-float32'), { identity: {}, config: null }))!;
  await rm(options.modelFolder, { recursive: true });
  const { model } = await openQwenModel({ ...options, ...form, form: alone });
  expect((await model.prefill(prompt))!.logits).toEqual(expected);
  await model.close();
});
