import { mkdir, mkdtemp, readdir, rename, rm, symlink } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { writeRandomCheckpoint } from '../checkpoint/randomCheckpoint.test-support';
import { openQwenModel } from './openQwenModel';

let root: string;
let plain: string;
beforeEach(async () => {
  root = await mkdtemp(path.join(os.tmpdir(), 'deskmate-links-'));
  onTestFinished(() => rm(root, { recursive: true }));
  plain = path.join(root, 'plain');
  await writeRandomCheckpoint(plain, { layers: 2, hiddenSize: 128, feedForwardSize: 192, vocabularySize: 512 });
});

async function logitsOf(modelFolder: string, precision: 'bf16' | 'int8'): Promise<Float32Array> {
  const preparedFolder = path.join(root, 'prepared');
  const { model } = await openQwenModel({
    ...{ modelFolder, preparedFolder, precision, device: 'cpu', contextLength: 64, fingerprint: null },
  });
  try {
    return (await model.prefill([5, 77, 400, 3, 250]))!.logits; // null only when it is aborted
  } finally {
    await model.close();
  }
}

/** As huggingface_hub lays it out: links in snapshots/COMMIT lead to blobs/HASH. */
async function asInCache(): Promise<string> {
  const [blobs, snapshot] = [path.join(root, 'repository', 'blobs'), path.join(root, 'repository', 'snapshots', 'abc')];
  for (const folder of [blobs, snapshot]) await mkdir(folder, { recursive: true });
  for (const [number, name] of (await readdir(plain)).entries()) {
    await rename(path.join(plain, name), path.join(blobs, String(number)));
    await symlink(path.join('..', '..', 'blobs', String(number)), path.join(snapshot, name));
  }
  return snapshot;
}

test.each(['bf16', 'int8'] as const)('a checkpoint of links opens as one of files does, at %s', async (precision) => {
  const expected = await logitsOf(plain, precision);
  const linked = await asInCache();
  expect(await logitsOf(linked, precision)).toEqual(expected);
  expect(await logitsOf(linked, precision)).toEqual(expected); // prepared by now
});

test('a folder that is itself a link, and one shard on another disk, are no trouble', async () => {
  const expected = await logitsOf(plain, 'bf16');
  const shard = 'model-00002-of-00002.safetensors';
  await mkdir(path.join(root, 'elsewhere'));
  await rename(path.join(plain, shard), path.join(root, 'elsewhere', 'weights'));
  await symlink(path.join(root, 'elsewhere', 'weights'), path.join(plain, shard));
  await mkdir(path.join(root, 'links'));
  await symlink(plain, path.join(root, 'links', 'model'));
  expect(await logitsOf(plain, 'bf16')).toEqual(expected);
  expect(await logitsOf(path.join(root, 'links', 'model'), 'bf16')).toEqual(expected);
});
