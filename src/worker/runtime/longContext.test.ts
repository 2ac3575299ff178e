import { describe, expect, test } from 'vitest';
import { openCheckpoint } from '../checkpoint/checkpoint';
import { tinyWeights, writeTinyCheckpoint } from '../checkpoint/tinyCheckpoint.test-support';
import tiny32 from '../golden/tinyQwen32.json' with { type: 'json' };
import { checkpointWeights } from '../graph/weightSource';
import { QwenModel } from './qwenModel';

type Wish = { device: 'cpu' | 'gpu'; trainingLength: number; contextLength: number; chunkLength?: number };

async function openTiny({ trainingLength, ...wish }: Wish): Promise<QwenModel> {
  const config = { ...tiny32.config, seq_length: trainingLength };
  const folder = await writeTinyCheckpoint(config, tinyWeights(config, tiny32.weight_scale));
  const checkpoint = await openCheckpoint(folder);
  const weights = checkpointWeights(checkpoint);
  return QwenModel.open({ config: checkpoint.config, weights, floatType: 'float32', ...wish });
}

const prompt = (length: number) => Array.from({ length }, (_, i) => (i * i + 7 * i) % 64);
const logitsOf = async (model: QwenModel, ids: readonly number[]) => (await model.prefill(ids))!.logits;
const difference = (a: Float32Array, b: Float32Array) => a.reduce((d, x, i) => Math.max(d, Math.abs(x - b[i]!)), 0);
const tolerance = 2e-4;

/** Keys and values of the tiny model: 2 layers of 64 channels, float32. */
const bytesPerRow = 2 * 2 * 64 * 4;

describe.each(['cpu', 'gpu'] as const)('the cache on the %s', (device) => {
  const wish = { device, trainingLength: 2048, contextLength: 1024 };

  test('grows under an answer and gives the logits of a fresh run', async () => {
    const [growing, fresh] = [await openTiny(wish), await openTiny(wish)];
    const ids = prompt(520);
    await growing.prefill(ids.slice(0, 250));
    expect(growing.cacheBytes).toBe(256 * bytesPerRow);
    for (const [i, id] of ids.entries()) {
      if (i < 250) continue;
      const logits = await growing.decode(id);
      const length = i + 1;
      if (![256, 257, 300, 512, 513, 520].includes(length)) continue;
      await fresh.prefill([1]); // shares no prefix with `ids`, so nothing is reused
      expect(difference(logits, await logitsOf(fresh, ids.slice(0, length)))).toBeLessThan(tolerance);
    }
    expect(growing.cacheBytes).toBe((device === 'cpu' ? 576 : 768) * bytesPerRow);
    await growing.close();
    await fresh.close();
  });

  test('crosses several steps in one prompt, and follows the next conversation down and up again', async () => {
    const model = await openTiny(wish);
    const ids = prompt(900);
    const whole = await logitsOf(model, ids);
    expect(model.cacheBytes).toBe((device === 'cpu' ? 960 : 1024) * bytesPerRow);
    const short = await model.prefill(ids.slice(0, 300));
    expect(short!.reusedTokens).toBe(299);
    expect(model.cacheBytes).toBe((device === 'cpu' ? 320 : 512) * bytesPerRow);
    const again = await model.prefill(ids);
    expect(again!.reusedTokens).toBe(300);
    expect(difference(again!.logits, whole)).toBeLessThan(tolerance);
    await model.close();
  });
});

test('a long prompt has the same logits on both devices', async () => {
  const wish = { trainingLength: 2048, contextLength: 1024 };
  const [cpu, gpu] = [await openTiny({ ...wish, device: 'cpu' }), await openTiny({ ...wish, device: 'gpu' })];
  expect(difference(await logitsOf(cpu, prompt(700)), await logitsOf(gpu, prompt(700)))).toBeLessThan(tolerance);
  await cpu.close();
  await gpu.close();
});
