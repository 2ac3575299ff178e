import { describe, expect, onTestFinished, test } from 'vitest';
import { openCheckpoint } from '../checkpoint/checkpoint';
import { tinyWeights, writeTinyCheckpoint } from '../checkpoint/tinyCheckpoint.test-support';
import golden from '../golden/tinyQwen.json' with { type: 'json' };
import { QwenModel } from '../runtime/qwenModel';
import { ReferenceQwen } from './referenceQwen.test-support';
import { checkpointWeights } from './weightSource';

// tinyQwen.json was computed with Qwen's released modeling_qwen.py; its head size of 8 is one that GroupQueryAttention refuses.
const weights = tinyWeights(golden.config, 0.5);

const largestError = (actual: ArrayLike<number>, expected: readonly number[]) =>
  Math.max(...expected.map((value, i) => Math.abs(value - actual[i]!)));

describe('the forward pass in plain loops', () => {
  test.each(Object.entries(golden.prefill))(
    'gives the released code’s logits after %s tokens',
    (_, { ids, last_logits }) => {
      expect(largestError(new ReferenceQwen(golden.config, weights).prefill(ids), last_logits)).toBeLessThan(5e-6);
    },
  );

  test('keeps the alpha of the prompt while decoding', () => {
    const { prompt, greedy, logits_after_each_fed_token, frozen_alpha } = golden.decode;
    const reference = new ReferenceQwen(golden.config, weights);
    reference.prefill(prompt);
    for (const [i, id] of greedy.entries())
      expect(largestError(reference.step(id, frozen_alpha), logits_after_each_fed_token[i]!)).toBeLessThan(5e-6);
  });
});

/** A model of a shape that no golden file has, on the CPU and in plain loops. */
async function bothOf(shape: Record<string, number>, chunkLength: number) {
  const config = { ...golden.config, ...shape };
  const others = tinyWeights(config, 0.2);
  const checkpoint = await openCheckpoint(await writeTinyCheckpoint(config, others));
  const model = await QwenModel.open({
    ...{ config: checkpoint.config, weights: checkpointWeights(checkpoint), chunkLength },
    ...{ device: 'cpu', floatType: 'float32', contextLength: 640 },
  });
  onTestFinished(() => model.close());
  return { model, reference: new ReferenceQwen(config, others) };
}

test('the CPU graph agrees with it on sizes that no golden file has', async () => {
  const layers = { num_hidden_layers: 3, hidden_size: 48, intermediate_size: 100, vocab_size: 53 };
  const { model, reference } = await bothOf({ ...layers, num_attention_heads: 3, kv_channels: 16 }, 7);
  for (const length of [1, 6, 8, 11, 30]) {
    const ids = Array.from({ length }, (_, i) => (i * i + 3 * i + length) % layers.vocab_size);
    const { logits } = (await model.prefill(ids))!;
    expect(largestError(logits, reference.prefill(ids))).toBeLessThan(1e-4);
  }
});

test('and where heads are taken in groups, which these do from 513 rows on', async () => {
  const layers = { num_hidden_layers: 1, hidden_size: 64, seq_length: 1024 };
  const { model, reference } = await bothOf({ ...layers, num_attention_heads: 16, kv_channels: 4 }, 64);
  const ids = Array.from({ length: 600 }, (_, i) => (i * i + 3 * i) % golden.config.vocab_size);
  const { logits } = (await model.prefill(ids))!;
  expect(largestError(logits, reference.prefill(ids))).toBeLessThan(1e-4);
  expect(largestError(await model.decode(5), reference.step(5, 1))).toBeLessThan(1e-4);
});
