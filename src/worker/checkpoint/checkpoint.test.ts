import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import tiny32 from '../golden/tinyQwen32.json' with { type: 'json' };
import { openCheckpoint, readTensor } from './checkpoint';
import { toFloat32 } from './dtype';
import { safetensors, tinyWeights, writeTinyCheckpoint, type TinyWeights } from './tinyCheckpoint.test-support';

const weights = tinyWeights(tiny32.config, tiny32.weight_scale);
const writeTiny = (other: TinyWeights = weights) => writeTinyCheckpoint(tiny32.config, other);
const demoFolder = path.resolve(import.meta.dirname, '../../../assets/demo-model');

/** Replaces the JSON header and keeps the data. */
async function editHeader(file: string, edit: (header: Record<string, { data_offsets: number[] }>) => unknown) {
  const bytes = await readFile(file);
  const length = Number(bytes.readBigUInt64LE());
  const before = JSON.parse(bytes.subarray(8, 8 + length).toString()) as Record<string, { data_offsets: number[] }>;
  const header = edit(before);
  const json = Buffer.from(typeof header === 'string' ? header : JSON.stringify(header));
  const prefix = Buffer.alloc(8);
  prefix.writeBigUInt64LE(BigInt(json.length));
  await writeFile(file, Buffer.concat([prefix, json, bytes.subarray(8 + length)]));
}

test('reads one tensor of a single file, and nothing else of it', async () => {
  const { tensors } = await openCheckpoint(await writeTiny());
  const stored = tensors.get('transformer.h.1.mlp.w2.weight')!;
  expect(stored.shape).toEqual([96, 64]);
  expect(toFloat32(await readTensor(stored), 'F32')).toEqual(weights.get('transformer.h.1.mlp.w2.weight')!.values);
});

test('finds every tensor of the demo model in its two bfloat16 shards', async () => {
  const { config, tensors } = await openCheckpoint(demoFolder);
  expect(tensors.size).toBe(6 * 8 + 3);
  expect(config).toMatchObject({ layers: 6, hiddenSize: 192, feedForwardSize: 512, vocabularySize: 4096 });
  expect(new Set([...tensors.values()].map(({ file }) => path.basename(file)))).toEqual(
    new Set(['model-00001-of-00002.safetensors', 'model-00002-of-00002.safetensors']),
  );
});

test('buffers that old checkpoints carry along are ignored', async () => {
  const extra = new Map([
    ...weights,
    ['transformer.h.0.attn.masked_bias', { shape: [1], values: Float32Array.of(-1e4) }],
  ]);
  const { tensors } = await openCheckpoint(await writeTiny(extra));
  expect(tensors.has('transformer.h.0.attn.masked_bias')).toBe(false);
});

test('the fingerprint is the same by whichever path a folder is named', async () => {
  const folder = await writeTiny();
  const relative = path.relative(process.cwd(), folder);
  expect((await openCheckpoint(relative)).fingerprint).toBe((await openCheckpoint(folder)).fingerprint);
});

test('the fingerprint changes with the weights and not by itself', async () => {
  const folder = await writeTiny();
  const first = await openCheckpoint(folder);
  expect((await openCheckpoint(folder)).fingerprint).toBe(first.fingerprint);
  await writeFile(path.join(folder, 'model.safetensors'), safetensors(weights));
  expect((await openCheckpoint(folder)).fingerprint).not.toBe(first.fingerprint);
});

describe('damage is named', () => {
  const shard = 'model.safetensors';
  const damage: [string, (file: string) => Promise<unknown>, object][] = [
    [
      'truncated',
      async (file) => writeFile(file, (await readFile(file)).subarray(0, -1)),
      { code: 'checkpoint.invalidShard' },
    ],
    [
      'longer than its header says',
      async (file) => writeFile(file, Buffer.concat([await readFile(file), Buffer.alloc(4)])),
      { code: 'checkpoint.invalidShard' },
    ],
    ['empty', (file) => writeFile(file, ''), { code: 'checkpoint.invalidShard' }],
    [
      'with an absurd header length',
      async (file) => {
        const bytes = await readFile(file);
        bytes.writeBigUInt64LE(2n ** 62n);
        await writeFile(file, bytes);
      },
      { code: 'checkpoint.invalidShard' },
    ],
    ['with a header that is not JSON', (file) => editHeader(file, () => '{"a": '), { code: 'checkpoint.invalidShard' }],
    ['with a header that is a list', (file) => editHeader(file, () => []), { code: 'checkpoint.invalidShard' }],
    [
      'with overlapping tensors',
      (file) =>
        editHeader(file, (header) => {
          const [begin, end] = header['lm_head.weight']!.data_offsets as [number, number];
          header['lm_head.weight']!.data_offsets = [begin - 4, end - 4];
          return header;
        }),
      { code: 'checkpoint.invalidShard' },
    ],
    [
      'with negative offsets',
      (file) =>
        editHeader(file, (header) => {
          header['lm_head.weight']!.data_offsets = [-4, 0];
          return header;
        }),
      { code: 'checkpoint.invalidShard' },
    ],
    [
      'with a shape that its bytes do not fill',
      (file) =>
        editHeader(file, (header) => ({
          ...header,
          'lm_head.weight': { ...header['lm_head.weight'], shape: [64, 65] },
        })),
      { code: 'checkpoint.invalidShard' },
    ],
    [
      'with a tensor under another name',
      (file) => editHeader(file, ({ 'lm_head.weight': head, ...rest }) => ({ ...rest, 'lm_head.wieght': head })),
      { code: 'checkpoint.missingTensor', params: { tensor: 'lm_head.weight', file: shard } },
    ],
    [
      'with a tensor of integers',
      (file) =>
        editHeader(file, (header) => ({ ...header, 'lm_head.weight': { ...header['lm_head.weight'], dtype: 'I32' } })),
      {
        code: 'checkpoint.wrongTensor',
        params: { tensor: 'lm_head.weight', file: shard, actual: 'I32', expected: 'BF16, F16 or F32' },
      },
    ],
    [
      'with a transposed tensor',
      (file) =>
        editHeader(file, (header) => ({
          ...header,
          'transformer.h.0.mlp.w1.weight': { ...header['transformer.h.0.mlp.w1.weight'], shape: [64, 96] },
        })),
      {
        code: 'checkpoint.wrongTensor',
        params: { tensor: 'transformer.h.0.mlp.w1.weight', file: shard, actual: '[64, 96]', expected: '[96, 64]' },
      },
    ],
  ];
  test.each(damage)('a shard %s', async (_, harm, error) => {
    const folder = await writeTiny();
    await harm(path.join(folder, shard));
    await expect(openCheckpoint(folder)).rejects.toMatchObject(error);
  });

  const indexed = async (weightMap: unknown) => {
    const folder = await writeTiny();
    await writeFile(path.join(folder, 'model.safetensors.index.json'), JSON.stringify({ weight_map: weightMap }));
    return openCheckpoint(folder);
  };
  const allIn = (file: string) => Object.fromEntries([...weights.keys()].map((name) => [name, file]));

  test('a shard that the index names and the folder lacks', async () => {
    await expect(indexed({ ...allIn(shard), 'lm_head.weight': 'model-2.safetensors' })).rejects.toMatchObject({
      code: 'checkpoint.missingFile',
      params: { file: 'model-2.safetensors' },
    });
  });

  test('an index that points out of the folder, or is none', async () => {
    for (const map of [allIn('../model.safetensors'), allIn('/etc/passwd'), null])
      await expect(indexed(map)).rejects.toMatchObject({ code: 'checkpoint.invalidShard' });
  });

  test('an index that leaves a tensor out', async () => {
    const rest = Object.fromEntries(Object.entries(allIn(shard)).filter(([name]) => name !== 'lm_head.weight'));
    const params = { tensor: 'lm_head.weight', file: 'model.safetensors.index.json' };
    await expect(indexed(rest)).rejects.toMatchObject({ code: 'checkpoint.missingTensor', params });
  });

  test('a tensor in two shards, or in another one than the index says', async () => {
    const folder = await writeTiny();
    const index = { weight_map: { ...allIn(shard), 'lm_head.weight': 'model-2.safetensors' } };
    await writeFile(path.join(folder, 'model.safetensors.index.json'), JSON.stringify(index));
    const head = new Map([...weights].filter(([name]) => name === 'lm_head.weight'));
    await writeFile(path.join(folder, 'model-2.safetensors'), safetensors(head));
    await expect(openCheckpoint(folder)).rejects.toMatchObject({
      code: 'checkpoint.invalidShard',
      params: { file: shard, reason: expect.stringContaining('lm_head.weight') as unknown },
    });
  });

  test('weights of more layers than the configuration has', async () => {
    const folder = await writeTinyCheckpoint({ ...tiny32.config, num_hidden_layers: 1 }, weights);
    await expect(openCheckpoint(folder)).rejects.toMatchObject({
      code: 'checkpoint.invalidConfig',
      params: { reason: 'num_hidden_layers is 1, but model.safetensors holds transformer.h.1.ln_1.weight' },
    });
  });

  test('a folder where a shard should be', async () => {
    const folder = await writeTiny();
    await rm(path.join(folder, shard));
    await mkdir(path.join(folder, shard));
    const params = { file: shard, reason: 'it is no file' };
    await expect(openCheckpoint(folder)).rejects.toMatchObject({ code: 'checkpoint.invalidShard', params });
  });

  test('a folder without weights', async () => {
    const folder = path.join(await writeTiny(), 'empty');
    await mkdir(folder);
    await writeFile(path.join(folder, 'config.json'), JSON.stringify(tiny32.config));
    await expect(openCheckpoint(folder)).rejects.toMatchObject({
      code: 'checkpoint.missingFile',
      params: { file: 'model.safetensors' },
    });
  });
});

test('shards without their index are not one file that is missing', async () => {
  const folder = await writeTiny();
  await rename(path.join(folder, 'model.safetensors'), path.join(folder, 'model-00001-of-00001.safetensors'));
  await expect(openCheckpoint(folder)).rejects.toMatchObject({
    code: 'checkpoint.missingFile',
    params: { file: 'model.safetensors.index.json' },
  });
});
