import { spawn } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openCheckpoint, type Checkpoint } from '../checkpoint/checkpoint';
import { writeRandomCheckpoint } from '../checkpoint/randomCheckpoint.test-support';
import { prepareCheckpoint } from './prepareCheckpoint';
import { sha256OfFiles } from './sha256OfFiles.test-support';

let root: string;
let checkpoint: Checkpoint;
beforeAll(async () => {
  root = await mkdtemp(path.join(os.tmpdir(), 'deskmate-threads-'));
  const source = path.join(root, 'source');
  await writeRandomCheckpoint(source, { layers: 4, hiddenSize: 512, feedForwardSize: 1376, vocabularySize: 8192 });
  checkpoint = await openCheckpoint(source);
});
afterAll(() => rm(root, { recursive: true }));

test.each([
  ['nf4', 'float16'],
  ['int8', 'float32'],
  ['bf16', 'float16'],
] as const)('%s in %s is the same from one thread as from three', async (precision, floatType) => {
  const sums = [];
  for (const threads of [0, 1, 3]) {
    const folder = path.join(root, `${precision}-${threads}`);
    await prepareCheckpoint({ checkpoint, folder, precision, floatType, threads });
    sums.push(await sha256OfFiles(folder));
    await rm(folder, { recursive: true });
  }
  expect(sums[1]).toEqual(sums[0]);
  expect(sums[2]).toEqual(sums[0]);
});

test('a stop ends all threads within a second', async () => {
  const folder = path.join(root, 'stopped');
  const abort = new AbortController();
  let stoppedAt = 0;
  const onProgress = () => {
    stoppedAt ||= performance.now();
    abort.abort();
  };
  const options = { checkpoint, folder, precision: 'bf16', floatType: 'float16', threads: 2 } as const;
  const stopped = prepareCheckpoint({ ...options, onProgress, signal: abort.signal });
  await expect(stopped).rejects.toMatchObject({ name: 'AbortError' });
  expect(performance.now() - stoppedAt).toBeLessThan(1000);
  expect(await readdir(folder)).not.toContain('manifest.json');
  expect(await readdir(folder)).not.toContain('lock');
});

test('a thread that cannot read its shard ends the others, with its error', async () => {
  const tensors = new Map(checkpoint.tensors);
  const tensor = 'transformer.h.3.mlp.c_proj.weight';
  tensors.set(tensor, { ...tensors.get(tensor)!, file: path.join(root, 'gone.safetensors') });
  const folder = path.join(root, 'failed');
  const options = { checkpoint: { ...checkpoint, tensors }, folder, precision: 'int4', floatType: 'float32' } as const;
  await expect(prepareCheckpoint({ ...options, threads: 2 })).rejects.toMatchObject({
    code: 'checkpoint.unreadable',
    params: { file: 'model-00002-of-00002.safetensors', reason: `ENOENT in ${tensor}` },
  });
  expect(await readdir(folder)).toEqual([]);
});

/** Peak memory of a process that prepares a checkpoint, in bytes. */
async function peakMemory(source: string, folder: string, precision: string): Promise<number> {
  const program = path.join(import.meta.dirname, 'prepareOnce.test-support.ts');
  const child = spawn(process.execPath, ['--import', 'tsx', program, source, folder, precision], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const exitCode = await new Promise((resolve) => child.on('close', resolve));
  expect(exitCode).toBe(0);
  return Number(output);
}

test.each(['nf4', 'bf16'])(
  '%s takes far less memory than the largest tensor, which has 311 MB',
  async (precision) => {
    const source = path.join(root, 'large');
    const shape = { layers: 1, hiddenSize: 1024, feedForwardSize: 256, vocabularySize: 151_936 };
    await writeRandomCheckpoint(source, shape, { isHole: () => true });
    const folder = path.join(root, `large-${precision}`);
    expect(await peakMemory(source, folder, precision)).toBeLessThan(350e6);
    await rm(folder, { recursive: true });
  },
  120_000,
);
