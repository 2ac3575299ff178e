import { describe, expect, onTestFinished, test } from 'vitest';
import { openCheckpoint } from '../checkpoint/checkpoint';
import { tinyWeights, writeTinyCheckpoint } from '../checkpoint/tinyCheckpoint.test-support';
import tiny32 from '../golden/tinyQwen32.json' with { type: 'json' };
import { ReferenceQwen } from '../graph/referenceQwen.test-support';
import { checkpointWeights } from '../graph/weightSource';
import { QwenModel } from './qwenModel';

/** A training length of 64: alpha is 1, 3, 7, 15, 31 up to 64, 128, 256, 512, 1024 tokens, and log-n works on most queries. */
const config = { ...tiny32.config, seq_length: 64, hidden_size: 32, kv_channels: 16, intermediate_size: 96 };
const weights = tinyWeights(config, 0.35);

type Wish = { contextLength?: number; chunkLength?: number };

async function openTiny(wish: Wish = {}): Promise<QwenModel> {
  const checkpoint = await openCheckpoint(await writeTinyCheckpoint(config, weights));
  const source = { config: checkpoint.config, weights: checkpointWeights(checkpoint) };
  const model = await QwenModel.open({ ...source, device: 'cpu', floatType: 'float32', contextLength: 1024, ...wish });
  onTestFinished(() => model.close());
  return model;
}

const prompt = (length: number) => Array.from({ length }, (_, i) => (i * i + 7 * i + (i >> 6)) % 64);
const logitsOf = async (model: QwenModel, ids: readonly number[]) => (await model.prefill(ids))!.logits;
const fresh = async (ids: readonly number[]) => logitsOf(await openTiny(), ids);
const difference = (a: Float32Array, b: ArrayLike<number>) =>
  a.reduce((d, x, i) => Math.max(d, Math.abs(x - b[i]!)), 0);
const tolerance = 2e-5;

/** The reference's logits after `lengths` tokens of a prompt whose alpha is that of `longest`. */
function referenceLogits(lengths: readonly number[]): Map<number, number[]> {
  const reference = new ReferenceQwen(config, weights);
  const longest = Math.max(...lengths);
  const found = new Map<number, number[]>();
  const alpha = 2 ** Math.ceil(Math.log2(longest / 64) + 1) - 1;
  for (const [i, id] of prompt(longest).entries()) {
    const logits = reference.step(id, alpha);
    if (lengths.includes(i + 1)) found.set(i + 1, logits);
  }
  return found;
}

describe('a prompt beyond the training length', () => {
  // Each list has the first and the last length of one alpha; 256, 257, 512 and 513 rows are also where the cache grows.
  test.each([[[64]], [[65, 128]], [[129, 256]], [[257, 512]], [[513]]])(
    'of %j tokens: in chunks, at once and in plain loops the logits are the same',
    async (lengths) => {
      const [chunked, atOnce] = [await openTiny(), await openTiny({ chunkLength: 1024 })];
      for (const [length, expected] of referenceLogits(lengths))
        for (const model of [chunked, atOnce])
          expect(difference(await logitsOf(model, prompt(length)), expected)).toBeLessThan(tolerance);
    },
  );

  test.each([
    [252, 260],
    [509, 515],
  ])('of %i tokens keeps its alpha while an answer goes on to %i', async (start, end) => {
    const model = await openTiny();
    const reference = new ReferenceQwen(config, weights);
    const ids = prompt(end);
    reference.prefill(ids.slice(0, start));
    await model.prefill(ids.slice(0, start));
    const alpha = start < 256 ? 7 : 15; // beyond 256 and 512 a prompt would have 15 and 31
    for (const id of ids.slice(start))
      expect(difference(await model.decode(id), reference.step(id, alpha))).toBeLessThan(tolerance);
  });
});

describe('the next prompt of a long conversation', () => {
  test('reuses nothing where alpha changes, up or down, and everything where it does not', async () => {
    const model = await openTiny();
    const ids = prompt(600);
    const reused: number[] = [];
    for (const length of [250, 256, 257, 300, 512, 513, 512]) {
      const { logits, reusedTokens } = (await model.prefill(ids.slice(0, length)))!;
      reused.push(reusedTokens);
      expect(difference(logits, await fresh(ids.slice(0, length)))).toBeLessThan(tolerance);
    }
    expect(reused).toEqual([0, 250, 0, 257, 300, 0, 0]);
  });

  test('reuses nothing of an answer that went on under the alpha of a shorter prompt', async () => {
    const model = await openTiny();
    const ids = prompt(280);
    await model.prefill(ids.slice(0, 250));
    for (const id of ids.slice(250, 270)) await model.decode(id);
    const { logits, reusedTokens } = (await model.prefill(ids))!;
    expect(reusedTokens).toBe(0);
    expect(difference(logits, await fresh(ids))).toBeLessThan(tolerance);
  });

  test.each([520, 553, 598])('edited at %i, it gives the logits of a fresh run', async (edit) => {
    const model = await openTiny();
    const ids = prompt(600);
    await model.prefill(ids);
    for (const id of prompt(40)) await model.decode(id);
    const edited = ids.with(edit, (ids[edit]! + 1) % 64);
    const { logits, reusedTokens } = (await model.prefill(edited))!;
    expect(reusedTokens).toBe(edit);
    expect(difference(logits, await fresh(edited))).toBeLessThan(tolerance);
  });
});

test('8,192 tokens are the same in short runs, in long ones, and as the end of an answer; the next is refused', async () => {
  const wish = { contextLength: 8192 };
  // In one run the scores of 8,192 tokens among each other would take gigabytes.
  const [chunked, inFour] = [await openTiny(wish), await openTiny({ ...wish, chunkLength: 2048 })];
  const ids = prompt(8192);
  const expected = await logitsOf(inFour, ids);
  expect(difference(await logitsOf(chunked, ids), expected)).toBeLessThan(tolerance);
  await chunked.prefill(ids.slice(0, 8190));
  await chunked.decode(ids[8190]!);
  expect(difference(await chunked.decode(ids[8191]!), expected)).toBeLessThan(tolerance);
  await expect(chunked.decode(0)).rejects.toMatchObject({
    code: 'prompt.tooLong',
    params: { tokens: 8193, limit: 8192 },
  });
});
