import { mkdtemp, open, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { splitCheckpoint, type SplitCheckpoint } from '../prepare/splitCheckpoint.test-support';
import { layOutCheckpoint, openCheckpoint } from './checkpoint';
import { writeRandomCheckpoint } from './randomCheckpoint.test-support';

let source: string;
let split: SplitCheckpoint;
beforeEach(async () => {
  const root = await mkdtemp(path.join(os.tmpdir(), 'deskmate-layout-'));
  onTestFinished(() => rm(root, { recursive: true }));
  source = path.join(root, 'source');
  await writeRandomCheckpoint(source, { layers: 1, hiddenSize: 64, feedForwardSize: 96, vocabularySize: 128 });
  split = await splitCheckpoint(source, path.join(root, 'checkpoint'));
});

test('from the headers alone everything is where the shards will have it', async () => {
  const { config, tensors, inShards } = await layOutCheckpoint(split);
  const whole = await openCheckpoint(source);
  expect(config).toEqual(whole.config);
  for (const [name, tensor] of whole.tensors)
    expect(tensors.get(name)).toEqual({ ...tensor, file: path.join(split.folder, tensor.shard) });
  for (const { name, bytes, headerFile } of split.shards) {
    let end = (await readFile(headerFile)).byteLength;
    for (const tensor of inShards.filter(({ shard }) => shard === name)) {
      expect(tensor.offset).toBe(end);
      end += tensor.byteLength;
    }
    expect(end).toBe(bytes);
  }
});

type Entry = { dtype: string; shape: number[]; data_offsets: [number, number] };

/** Replaces the header of the shard that has all but the embedding. */
async function editHeader(edit: (header: Record<string, Entry>) => void): Promise<void> {
  const { headerFile } = split.shards[1]!;
  const header = JSON.parse((await readFile(headerFile)).subarray(8).toString()) as Record<string, Entry>;
  edit(header);
  const json = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(json.length));
  await writeFile(headerFile, Buffer.concat([length, json]));
}

const name = 'transformer.h.0.mlp.w1.weight';
const invalid = { code: 'checkpoint.invalidShard', params: { file: 'model-00002-of-00002.safetensors' } };
const harms: [string, (header: Record<string, Entry>) => void, object][] = [
  ['tensors that overlap', (header) => (header[name]!.data_offsets[0] -= 2), invalid],
  ['a tensor beyond its end', (header) => (header['lm_head.weight']!.data_offsets = [1e9, 1e9 + 16_384]), invalid],
  [
    'a tensor that is missing',
    (header) => Reflect.deleteProperty(header, name),
    { code: 'checkpoint.missingTensor', params: { tensor: name } },
  ],
  [
    'a tensor of another shape',
    (header) => header[name]!.shape.reverse(),
    { code: 'checkpoint.wrongTensor', params: { tensor: name, actual: '[64, 96]', expected: '[96, 64]' } },
  ],
  [
    'weights of 64 bits',
    (header) => (header[name]!.dtype = 'F64'),
    { code: 'checkpoint.wrongTensor', params: { tensor: name, actual: 'F64', expected: 'BF16, F16 or F32' } },
  ],
];

test.each(harms)('a header that tells of %s is refused', async (what, edit, error) => {
  // Where the header's length changes, the shard's must change with it, or that alone would be the fault.
  const before = (await readFile(split.shards[1]!.headerFile)).byteLength;
  await editHeader(edit);
  const growth = (await readFile(split.shards[1]!.headerFile)).byteLength - before;
  const removed = what === 'a tensor that is missing' ? await closeGap() : 0;
  const shards = split.shards.map((shard, i) =>
    i === 1 ? { ...shard, bytes: shard.bytes + growth + removed } : shard,
  );
  await expect(layOutCheckpoint({ ...split, shards })).rejects.toMatchObject(error);
});

/** Moves the tensors together, so that nothing is wrong but that one is missing. Returns by how much the shard grows. */
async function closeGap(): Promise<number> {
  const { headerFile } = split.shards[1]!;
  const before = (await readFile(headerFile)).byteLength;
  let end = 0;
  await editHeader((header) => {
    for (const entry of Object.values(header)) {
      const [from, to] = entry.data_offsets;
      entry.data_offsets = [end, (end += to - from)];
    }
  });
  return (await readFile(headerFile)).byteLength - before - 2 * 96 * 64;
}

test('a header that is longer than its file, or than any header is', async () => {
  const [shard, other] = [split.shards[1]!, split.shards[0]!];
  const handle = await open(shard.headerFile, 'r+');
  const { size } = await handle.stat();
  const lengths = [BigInt(size - 7), 100_000_001n, 2n ** 63n];
  for (const length of lengths) {
    const prefix = Buffer.alloc(8);
    prefix.writeBigUInt64LE(length);
    await handle.write(prefix, 0, 8, 0);
    const shards = [other, { ...shard, bytes: 200_000_000 }];
    await expect(layOutCheckpoint({ ...split, shards })).rejects.toMatchObject(invalid);
  }
  await handle.close();
});

test('a shard that the index names and nobody fetches', async () => {
  const shards = split.shards.slice(0, 1);
  const params = { file: 'model-00002-of-00002.safetensors' };
  await expect(layOutCheckpoint({ ...split, shards })).rejects.toMatchObject({
    code: 'checkpoint.missingFile',
    params,
  });
});

test('a shard whose size is not what its header says', async () => {
  const shards = split.shards.map((shard) => ({ ...shard, bytes: shard.bytes + 1 }));
  await expect(layOutCheckpoint({ ...split, shards })).rejects.toMatchObject({ code: 'checkpoint.invalidShard' });
});
