import { describe, expect, test } from 'vitest';
import { openCheckpoint } from '../checkpoint/checkpoint';
import { tinyWeights, writeTinyCheckpoint } from '../checkpoint/tinyCheckpoint.test-support';
import tiny32 from '../golden/tinyQwen32.json' with { type: 'json' };
import { checkpointWeights } from '../graph/weightSource';
import { QwenModel } from './qwenModel';

const tolerance = 2e-4;

/** tinyQwen32.json was computed in float64 by an implementation that reproduces Qwen's released code to 1.5e-6. */
async function openTiny32(device: 'cpu' | 'gpu', chunkLength?: number): Promise<QwenModel> {
  const folder = await writeTinyCheckpoint(tiny32.config, tinyWeights(tiny32.config, tiny32.weight_scale));
  const checkpoint = await openCheckpoint(folder);
  const weights = checkpointWeights(checkpoint);
  return QwenModel.open({
    config: checkpoint.config,
    weights,
    device,
    floatType: 'float32',
    contextLength: 128,
    ...(chunkLength && { chunkLength }),
  });
}

const largestError = (actual: Float32Array, expected: readonly number[]) => {
  expect(actual.length).toBe(expected.length);
  return Math.max(...expected.map((value, i) => Math.abs(value - actual[i]!)));
};

describe.each(['cpu', 'gpu'] as const)('the graph in float32 on the %s', (device) => {
  test.each([undefined, 16, 3, 1])(
    'prefill in chunks of %s gives the reference logits at every length',
    async (chunkLength) => {
      const model = await openTiny32(device, chunkLength);
      for (const { ids, last_logits } of Object.values(tiny32.prefill)) {
        await model.prefill([0]); // shares no prefix with `ids`, so nothing is reused
        const { logits } = (await model.prefill(ids))!;
        expect(largestError(logits, last_logits)).toBeLessThan(tolerance);
      }
      await model.close();
    },
  );

  test('decoding token by token gives the reference logits, with the alpha of the prompt', async () => {
    const model = await openTiny32(device);
    const { prompt, steps } = tiny32.decode;
    let { logits } = (await model.prefill(prompt))!;
    for (const [i, { argmax, last_logits }] of steps.entries()) {
      expect(largestError(logits, last_logits)).toBeLessThan(tolerance);
      expect(logits.indexOf(Math.max(...logits))).toBe(argmax);
      if (i < steps.length - 1) logits = await model.decode(argmax);
    }
    await model.close();
  });
});
