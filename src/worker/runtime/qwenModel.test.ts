import { expect, test } from 'vitest';
import { openCheckpoint } from '../checkpoint/checkpoint';
import { tinyWeights, writeTinyCheckpoint, type TinyWeights } from '../checkpoint/tinyCheckpoint.test-support';
import tiny32 from '../golden/tinyQwen32.json' with { type: 'json' };
import { checkpointWeights } from '../graph/weightSource';
import { QwenModel } from './qwenModel';

const weights = tinyWeights(tiny32.config, tiny32.weight_scale);

async function openTiny(device: 'cpu' | 'gpu', other: TinyWeights = weights): Promise<QwenModel> {
  const checkpoint = await openCheckpoint(await writeTinyCheckpoint(tiny32.config, other));
  const floatType = 'float32';
  return QwenModel.open({ checkpoint, weights: checkpointWeights(checkpoint), device, floatType, contextLength: 64 });
}

const ids = tiny32.prefill[8].ids;
const longer = tiny32.prefill[20].ids;
const logitsOf = async (model: QwenModel, prompt: readonly number[]) => (await model.prefill(prompt))!.logits;
const closeTo = (a: Float32Array, b: ArrayLike<number>) => a.every((value, i) => Math.abs(value - b[i]!) < 2e-4);

test.each(['cpu', 'gpu'] as const)(
  'on the %s a reused, an edited and a shortened prefix give the logits of a fresh run',
  async (device) => {
    const model = await openTiny(device);
    await model.prefill([...ids.slice(0, 6), 1, 2]);
    const edited = (await model.prefill(ids))!;
    expect(edited.reusedTokens).toBe(6);
    expect(closeTo(edited.logits, tiny32.prefill[8].last_logits)).toBe(true);
    const shortened = (await model.prefill(ids.slice(0, 5)))!;
    expect(shortened.reusedTokens).toBe(4); // the last token is computed again, for its logits
    expect(closeTo(shortened.logits, tiny32.prefill[5].last_logits)).toBe(true);
    await model.close();
  },
);

test('a prompt that changes the NTK alpha reuses nothing', async () => {
  const model = await openTiny('cpu');
  await model.prefill(ids); // 8 tokens: alpha 1; 20: alpha 7
  const { logits, reusedTokens } = (await model.prefill(longer))!;
  expect(reusedTokens).toBe(0);
  expect(closeTo(logits, tiny32.prefill[20].last_logits)).toBe(true);
  await model.close();
});

test('a prefill that is stopped can be taken up again', async () => {
  const model = await openTiny('cpu');
  const abort = new AbortController();
  abort.abort();
  expect(await model.prefill(longer, { signal: abort.signal })).toBeNull();
  expect(closeTo(await logitsOf(model, longer), tiny32.prefill[20].last_logits)).toBe(true);
  await model.close();
});

test('what does not fit, or is no token, is refused before anything runs', async () => {
  const model = await openTiny('cpu');
  await expect(model.prefill(new Array<number>(65).fill(1))).rejects.toMatchObject({
    code: 'prompt.tooLong',
    params: { tokens: 65, limit: 64 },
  });
  for (const wrong of [64, -1, 0.5])
    await expect(model.prefill([1, wrong])).rejects.toMatchObject({ code: 'tokenizer.invalidTokenId' });
  await model.close();
});

test('numbers that overflow end a run with a code instead of garbage', async () => {
  const name = 'lm_head.weight';
  const { shape, values } = weights.get(name)!;
  const huge = new Map([...weights, [name, { shape, values: values.map((value) => value * 1e39) }]]);
  const model = await openTiny('cpu', huge);
  await expect(model.prefill(ids)).rejects.toMatchObject({ code: 'generation.notFinite' });
  await model.close();
});
