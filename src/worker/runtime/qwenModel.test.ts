import { describe, expect, test } from 'vitest';
import { openCheckpoint } from '../checkpoint/checkpoint';
import type { FloatType } from '../checkpoint/floatType';
import { tinyWeights, writeTinyCheckpoint, type TinyWeights } from '../checkpoint/tinyCheckpoint.test-support';
import tiny32 from '../golden/tinyQwen32.json' with { type: 'json' };
import { checkpointWeights } from '../graph/weightSource';
import { QwenModel } from './qwenModel';

const weights = tinyWeights(tiny32.config, tiny32.weight_scale);

async function openTiny(
  device: 'cpu' | 'gpu',
  other: TinyWeights = weights,
  floatType: FloatType = 'float32',
): Promise<QwenModel> {
  const checkpoint = await openCheckpoint(await writeTinyCheckpoint(tiny32.config, other));
  const weights = checkpointWeights(checkpoint);
  return QwenModel.open({ config: checkpoint.config, weights, device, floatType, contextLength: 64 });
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

test.each([
  ['cpu', 'float32', 1e39],
  ['gpu', 'float16', 1e6],
] as const)(
  'after a run that overflowed on the %s, an answer is as if it had never been',
  async (device, floatType, factor) => {
    const { shape, values } = weights.get('transformer.wte.weight')!;
    const first = ids[3]! * shape[1]!;
    const huge = values.map((value, i) => (i >= first && i < first + shape[1]! ? value * factor : value));
    const model = await openTiny(
      device,
      new Map([...weights, ['transformer.wte.weight', { shape, values: huge }]]),
      floatType,
    );
    const sound = ids.slice(0, 3);
    const before = (await logitsOf(model, sound)).slice();
    await expect(model.prefill(ids)).rejects.toMatchObject({ code: 'generation.notFinite' });
    expect(await logitsOf(model, sound)).toEqual(before);
    await model.close();
  },
);

describe('a checkpoint whose activations leave float16', () => {
  const scaled = (name: string, factor: number): TinyWeights => {
    const { shape, values } = weights.get(name)!;
    return new Map([...weights, [name, { shape, values: values.map((value) => value * factor) }]]);
  };
  /** The embedding row of a token in the middle of `ids`, so that later tokens meet the overflow only through its keys and values. */
  const oneHugeToken = (): TinyWeights => {
    const { shape, values } = weights.get('transformer.wte.weight')!;
    const first = ids[3]! * shape[1]!;
    const huge = values.map((value, i) => (i >= first && i < first + shape[1]! ? value * 1e6 : value));
    return new Map([...weights, ['transformer.wte.weight', { shape, values: huge }]]);
  };

  test.each([
    ['the first feed-forward', () => scaled('transformer.h.0.mlp.c_proj.weight', 1e6)],
    ['the last feed-forward', () => scaled('transformer.h.1.mlp.c_proj.weight', 1e6)],
    ['gates', () => scaled('transformer.h.0.mlp.w2.weight', 1e6)],
    ['queries, keys and values', () => scaled('transformer.h.1.attn.c_attn.weight', 1e6)],
    ['one token’s embedding', oneHugeToken],
  ] as const)('in %s: the CPU answers, the GPU refuses', async (_, make) => {
    const cpu = await openTiny('cpu', make());
    const logits = await logitsOf(cpu, ids);
    expect(Math.max(...logits.map(Math.abs))).toBeLessThan(100); // the last norm brings them back
    await cpu.close();
    const gpu = await openTiny('gpu', make(), 'float16');
    await expect(gpu.prefill(ids)).rejects.toMatchObject({ code: 'generation.notFinite' });
    await gpu.close();
  });

  test('an overflow that reaches no logit is refused too', async () => {
    // Channel 7 of the stream is 8 for one token and 0 for all others; only the last feed-forward looks at it.
    const hiddenSize = 64;
    const edit = (value: number, name: string, i: number) => {
      const [row, column] = [Math.floor(i / hiddenSize), i % hiddenSize];
      if (name === 'transformer.wte.weight' && column === 7) return row === ids[3]! ? 8 : 0;
      if (/h\.0\.mlp\.c_proj|attn\.c_proj/.test(name))
        return i < 8 * shapeOf(name)[1]! && i >= 7 * shapeOf(name)[1]! ? 0 : value;
      return /h\.1\.mlp\.w1/.test(name) && column === 7 ? value * 2e5 : value;
    };
    const shapeOf = (name: string) => weights.get(name)!.shape;
    const hidden: TinyWeights = new Map(
      [...weights].map(([name, { shape, values }]) => [
        name,
        { shape, values: values.map((v, i) => edit(v, name, i)) },
      ]),
    );
    const gpu = await openTiny('gpu', hidden, 'float16');
    await expect(gpu.prefill(ids)).rejects.toMatchObject({ code: 'generation.notFinite' });
    await gpu.prefill(ids.filter((id) => id !== ids[3]));
    await gpu.close();
  });

  test('up to there, the GPU gives the CPU’s logits', async () => {
    const large = scaled('transformer.h.0.mlp.c_proj.weight', 1e4); // a residual of tens of thousands, squares far beyond
    const [cpu, gpu] = [await openTiny('cpu', large), await openTiny('gpu', large, 'float16')];
    const [expected, actual] = [await logitsOf(cpu, ids), await logitsOf(gpu, ids)];
    const largest = Math.max(...expected.map(Math.abs));
    expect(Math.max(...expected.map((value, i) => Math.abs(value - actual[i]!)))).toBeLessThan(0.02 * largest);
    await cpu.close();
    await gpu.close();
  });
});
