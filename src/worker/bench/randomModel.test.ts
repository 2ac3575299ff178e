import { mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { Precision } from '../../shared/precision';
import { engineVersion } from '../prepare/preparedManifest';
import { benchConfig } from './benchShape';
import { measureSpeed } from './measureSpeed';
import { openRandomModel } from './randomModel';

const tiny = { ...benchConfig('qwen-7b', 2), hiddenSize: 256, heads: 2, feedForwardSize: 512, vocabularySize: 384 };
const float32 = { device: 'cpu', floatType: 'float32' } as const;

async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'deskmate-random-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  return folder;
}

test('Qwen-7B has the sizes of its config.json', () => {
  expect(benchConfig('qwen-7b')).toMatchObject({ layers: 32, heads: 32, headSize: 128, feedForwardSize: 11_008 });
});

// QwenModel refuses logits that are not finite.
test.each(Precision.options)('a random model computes in %s, and its speed is measured', async (precision) => {
  const folder = await temporaryFolder();
  const model = await openRandomModel({ config: tiny, precision, ...float32, folder });
  const speed = await measureSpeed({ ...model, ...float32, contextLength: 64 }, { prefill: 20, decode: 3 });
  for (const figure of Object.values(speed)) expect(figure).toBeGreaterThan(0);
  expect(speed.loadToFirstTokenMs).toBeGreaterThan(speed.loadMs);
});

test('in bf16 for a GPU it has the float16 that prepared weights have, and computes', async () => {
  const onGpu = { device: 'gpu', floatType: 'float16' } as const;
  const model = await openRandomModel({ config: tiny, precision: 'bf16', ...onGpu, folder: await temporaryFolder() });
  expect(model.weights.weight('lm_head.weight')).toMatchObject({ type: 'float16', isTransposed: true });
  const wish = { contextLength: 64, chunkLength: 20 };
  const speed = await measureSpeed({ ...model, ...onGpu, ...wish }, { prefill: 20, decode: 3 });
  expect(speed.decodeMsPerToken).toBeGreaterThan(0);
});

test('a file made for few layers is continued for more, and serves fewer as it is', async () => {
  const options = { config: tiny, precision: 'int4', floatType: 'float32' } as const;
  const [atOnce, inSteps] = [await temporaryFolder(), await temporaryFolder()];
  await openRandomModel({ ...options, folder: atOnce });
  await openRandomModel({ ...options, config: { ...tiny, layers: 1 }, folder: inSteps });
  await openRandomModel({ ...options, folder: inSteps });
  const file = `int4-float32-${engineVersion}.bin`;
  const whole = await readFile(path.join(atOnce, file));
  expect(whole.equals(await readFile(path.join(inSteps, file)))).toBe(true);
  const written: number[] = [];
  const onProgress = (done: number) => written.push(done);
  await openRandomModel({ ...options, config: { ...tiny, layers: 1 }, folder: atOnce, onProgress });
  expect(written).toEqual([]);
});
