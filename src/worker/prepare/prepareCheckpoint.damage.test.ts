import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { mkdtemp, open, readdir, rm, stat, statfs, truncate } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import type { AppError } from '../../shared/appError';
import { openCheckpoint } from '../checkpoint/checkpoint';
import { writeRandomCheckpoint } from '../checkpoint/randomCheckpoint.test-support';
import { prepareCheckpoint, type PrepareOptions } from './prepareCheckpoint';

const shape = { layers: 2, hiddenSize: 128, feedForwardSize: 192, vocabularySize: 512 };
const shard = 'model-00002-of-00002.safetensors';
const embeddingShard = 'model-00001-of-00002.safetensors';

let source: string;
let folder: string;
beforeEach(async () => {
  const root = await mkdtemp(path.join(os.tmpdir(), 'deskmate-damage-'));
  onTestFinished(() => rm(root, { recursive: true }));
  source = path.join(root, 'source');
  folder = path.join(root, 'prepared');
  await writeRandomCheckpoint(source, shape);
});

const prepare = async ({ checkpoint, ...options }: Partial<PrepareOptions> = {}) =>
  prepareCheckpoint({
    checkpoint: checkpoint ?? (await openCheckpoint(source)),
    folder,
    precision: 'int8',
    floatType: 'float16',
    ...options,
  });

/** Replaces one bfloat16 weight, given as its bits. */
async function setWeight(tensor: string, index: number, bits: number): Promise<void> {
  const { tensors } = await openCheckpoint(source);
  const { file, offset } = tensors.get(tensor)!;
  const handle = await open(file, 'r+');
  await handle.write(Uint8Array.of(bits & 0xff, bits >>> 8), 0, 2, offset + 2 * index);
  await handle.close();
}

const forms: [string, Pick<PrepareOptions, 'precision' | 'floatType'>][] = [
  ['bf16 on the CPU', { precision: 'bf16', floatType: 'float32' }],
  ['bf16 on the GPU', { precision: 'bf16', floatType: 'float16' }],
  ['int8', { precision: 'int8', floatType: 'float32' }],
  ['nf4', { precision: 'nf4', floatType: 'float16' }],
  ['int4', { precision: 'int4', floatType: 'float32' }],
];

describe.each(forms)('%s', (_, form) => {
  test.each([
    ['NaN', 'transformer.h.1.mlp.c_proj.weight', 0x7fc0],
    ['infinity', 'lm_head.weight', 0xff80],
    ['a NaN', 'transformer.h.0.attn.c_attn.bias', 0x7f81],
    ['a NaN', 'transformer.wte.weight', 0xffff],
  ])('refuses %s in %s, names it, and leaves nothing', async (_, tensor, bits) => {
    const file = tensor.includes('wte') ? embeddingShard : shard;
    await setWeight(tensor, 77, bits);
    await expect(prepare(form)).rejects.toMatchObject({ code: 'checkpoint.notFinite', params: { tensor, file } });
    expect(await readdir(folder)).toEqual([]);
  });
});

test('a weight beyond float16 is refused with the tensor and how many there are', async () => {
  const tensor = 'transformer.h.0.mlp.w2.weight';
  for (const index of [3, 500, 501]) await setWeight(tensor, index, 0x47c0); // 98304
  const params = { tensor, file: shard, count: 3 };
  await expect(prepare({ precision: 'bf16' })).rejects.toMatchObject({ code: 'checkpoint.float16Overflow', params });
  // NF4 keeps the largest number of each block of 64: index 3 spoils one block, 500 and 501 another.
  await expect(prepare({ precision: 'nf4' })).rejects.toMatchObject({ params: { tensor, count: 128 } });
  await expect(prepare({ precision: 'bf16', floatType: 'float32' })).resolves.toBeDefined();
  await expect(prepare({ precision: 'int8' })).resolves.toBeDefined();
});

test('an embedding beyond float16 is refused for a GPU, where its rows become float16', async () => {
  const tensor = 'transformer.wte.weight';
  await setWeight(tensor, 0, 0x477f); // 65280, the last one that float16 has room for
  for (const index of [64, 65_535]) await setWeight(tensor, index, 0xc780); // -65536
  const params = { tensor, file: embeddingShard, count: 2 };
  for (const precision of ['bf16', 'int4'] as const)
    await expect(prepare({ precision })).rejects.toMatchObject({ code: 'checkpoint.float16Overflow', params });
  await expect(prepare({ floatType: 'float32' })).resolves.toBeDefined();
});

test('weights too small for float16 are counted', async () => {
  const file = 'transformer.h.0.mlp.w2.weight.bin';
  const before = (await prepare({ precision: 'bf16' })).manifest.files[file]!.vanishedWeights;
  for (const index of [10, 11]) await setWeight('transformer.h.0.mlp.w2.weight', index, 0x3000); // 2^-31
  expect((await prepare({ precision: 'bf16' })).manifest.files[file]!.vanishedWeights).toBe(before + 2);
});

test('a shard that became shorter after it was opened is told with the tensor', async () => {
  const checkpoint = await openCheckpoint(source);
  const { file, offset } = checkpoint.tensors.get('lm_head.weight')!;
  await truncate(file, offset + 1000);
  await expect(prepare({ checkpoint })).rejects.toMatchObject({
    code: 'checkpoint.invalidShard',
    params: { file: shard, reason: 'it ends within lm_head.weight' },
  });
  expect(await readdir(folder)).toEqual([]);
});

test('a shard that is gone is told with the tensor', async () => {
  const checkpoint = await openCheckpoint(source);
  await rm(path.join(source, shard));
  await expect(prepare({ checkpoint })).rejects.toMatchObject({
    code: 'checkpoint.unreadable',
    params: { file: shard, reason: 'ENOENT in lm_head.weight' },
  });
});

/** Mounts a file system of 6 MB, where this user may. */
async function mountSmallDisk(): Promise<boolean> {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=6m', 'tmpfs', folder], { stdio: 'ignore' });
  } catch {
    return false; // not root, or not Linux
  }
  onTestFinished(() => void execFileSync('umount', [folder]));
  return (await statfs(folder)).bsize > 0;
}

test('too little space is told before anything is written, with the bytes that are missing', async ({ skip }) => {
  await writeRandomCheckpoint(source, { ...shape, vocabularySize: 32_768 });
  await prepare();
  const bytes = (await stat(path.join(folder, 'lm_head.weight.bin'))).size;
  await rm(folder, { recursive: true });
  await prepare({ precision: 'bf16', floatType: 'float32' }); // makes the folder
  if (!(await mountSmallDisk())) skip();
  const error: unknown = await prepare().catch((reason: unknown) => reason);
  expect(error).toMatchObject({ code: 'prepare.diskFull', params: { folder } });
  // 6 MB are there; the head alone takes 4.5, and 4 are kept free.
  const missing = (error as AppError).params['bytes']; // matched above
  expect(missing).toBeGreaterThan(bytes + (4 << 20) - (6 << 20));
  expect(missing).toBeLessThan(bytes + (4 << 20) - (6 << 20) + (1 << 20));
  expect(await readdir(folder)).toEqual([]);
});

test('a disk that fills up meanwhile is told the same way, and nothing is left on it', async ({ skip }) => {
  await prepare({ precision: 'bf16', floatType: 'float32' });
  if (!(await mountSmallDisk())) skip();
  let isFull = false;
  const fill = () => {
    if (isFull) return;
    isFull = true;
    for (let i = 0; i < 6000; i++) {
      try {
        writeFileSync(path.join(folder, `others-${i}`), new Uint8Array(64 << 10));
      } catch {
        return; // full: as it should be
      }
    }
  };
  const error: unknown = await prepare({ onProgress: fill }).catch((reason: unknown) => reason);
  expect(error).toMatchObject({ code: 'prepare.diskFull', params: { folder } });
  expect((await readdir(folder)).filter((file) => !file.startsWith('others-'))).toEqual([]);
});
