import { expect, test } from 'vitest';
import { openCheckpoint } from '../checkpoint/checkpoint';
import { tinyWeights, writeTinyCheckpoint } from '../checkpoint/tinyCheckpoint.test-support';
import tiny32 from '../golden/tinyQwen32.json' with { type: 'json' };
import { checkpointWeights } from '../graph/weightSource';
import { QwenModel } from '../runtime/qwenModel';
import { perplexity } from './perplexity';

test('counts the positions inside the spans, never the first of a sequence', async () => {
  const folder = await writeTinyCheckpoint(tiny32.config, tinyWeights(tiny32.config, tiny32.weight_scale));
  const checkpoint = await openCheckpoint(folder);
  const source = checkpointWeights(checkpoint);
  const model = await QwenModel.open({
    config: checkpoint.config,
    weights: source,
    device: 'cpu',
    floatType: 'float32',
    contextLength: 64,
  });
  const ids = tiny32.prefill[8].ids;

  // -log softmax of the reference logits after 5 tokens, at the sixth
  const logits = tiny32.prefill[5].last_logits;
  const expected = Math.log(logits.reduce((sum, logit) => sum + Math.exp(logit), 0)) - logits[ids[5]!]!;
  const one = await perplexity(model, [ids], [[[5, 6]]]);
  expect(one.tokens).toBe(1);
  expect(one.meanNll).toBeCloseTo(expected, 4);

  expect((await perplexity(model, [ids, [1]])).tokens).toBe(7);
  await expect(perplexity(model, [[5]])).rejects.toThrow('no token is to be foreseen');
  await expect(perplexity(model, [ids], [[[0, 1]]])).rejects.toThrow('no token is to be foreseen');
  expect(
    (
      await perplexity(
        model,
        [ids],
        [
          [
            [0, 2],
            [6, 99],
          ],
        ],
      )
    ).tokens,
  ).toBe(1 + 2);
  await model.close();
});
