import { describe, expect, test } from 'vitest';
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

test('the CPU graph agrees with it on sizes that no golden file has', async () => {
  const config = {
    ...golden.config,
    num_attention_heads: 3,
    kv_channels: 16,
    hidden_size: 48,
    num_hidden_layers: 3,
    vocab_size: 53,
    intermediate_size: 100,
  };
  const others = tinyWeights(config, 0.2);
  const checkpoint = await openCheckpoint(await writeTinyCheckpoint(config, others));
  const model = await QwenModel.open({
    config: checkpoint.config,
    weights: checkpointWeights(checkpoint),
    device: 'cpu',
    floatType: 'float32',
    contextLength: 64,
    chunkLength: 7,
  });
  const reference = new ReferenceQwen(config, others);
  for (const length of [1, 6, 8, 11, 30]) {
    const ids = Array.from({ length }, (_, i) => (i * i + 3 * i + length) % 53);
    const { logits } = (await model.prefill(ids))!;
    expect(largestError(logits, reference.prefill(ids))).toBeLessThan(1e-4);
  }
  await model.close();
});
