import { join } from 'node:path';
import { expect, test } from 'vitest';
import { contentFingerprint, neededFiles } from './checkpointFiles';
import { headerParts, shardParts } from './shardParts';

const mebibyte = 1 << 20;
const tensors = [
  { name: 'wte', byteLength: 5 * mebibyte },
  { name: 'ln_1', byteLength: 8192 },
  { name: 'c_attn.bias', byteLength: 24_576 },
  { name: 'c_attn', byteLength: 2 * mebibyte },
  { name: 'ln_2', byteLength: 8192 },
].reduce<Parameters<typeof shardParts>[2]>((all, { name, byteLength }) => {
  const last = all.at(-1);
  const offset = last === undefined ? 100 : last.offset + last.byteLength;
  return [...all, { name, shard: 'model.safetensors', offset, byteLength, isNeeded: true }];
}, []);

test('parts follow each other without a gap; a matrix is one by itself, small neighbours share one', () => {
  const parts = shardParts({ partsFolder: 'parts' }, 92, [...tensors].reverse());
  expect(parts.map((part) => part.tensors.map(({ name }) => name))).toEqual([
    ...[[], [], ['wte'], ['ln_1', 'c_attn.bias'], ['c_attn'], ['ln_2']],
  ]);
  for (const [index, part] of parts.slice(1).entries())
    expect(part.start).toBe(parts[index]!.start + parts[index]!.sizeBytes);
  expect(parts.map(({ path, offset }) => [path, offset])).toEqual([
    [join('parts', 'header'), 0],
    [join('parts', 'header'), 8],
    ...['0', '1', '2', '3'].map((name) => [join('parts', name), 0]),
  ]);
});

test('in the shard itself every part lies at its place', () => {
  const parts = shardParts({ shardFile: 'model.safetensors' }, 92, tensors);
  for (const { path, offset, start } of parts) expect([path, offset]).toEqual(['model.safetensors', start]);
  expect(parts.slice(0, 2)).toEqual(headerParts({ shardFile: 'model.safetensors' }, 92));
});

const published = (path: string) => ({ path, sizeBytes: 1, sha256: null, gitId: null });

test('of a repository only what is computed with is fetched, small files first', () => {
  const files = [
    'model-00002-of-00002.safetensors',
    'README.md',
    'modeling_qwen.py',
    'model-00001-of-00002.safetensors',
  ];
  const needed = neededFiles([...files, 'qwen.tiktoken', 'pytorch_model.bin', 'config.json', 'LICENSE'].map(published));
  expect(needed.map(({ path }) => path)).toEqual([
    ...['qwen.tiktoken', 'config.json', 'LICENSE'],
    ...['model-00001-of-00002.safetensors', 'model-00002-of-00002.safetensors'],
  ]);
});

test('what a repository lacks is said all at once', () => {
  expect(() => neededFiles([published('README.md')])).toThrow(
    expect.objectContaining({ params: { file: 'config.json, qwen.tiktoken, model.safetensors' } }) as Error,
  );
});

test('a fingerprint follows the weights and the configuration, and nothing else', () => {
  const files = [
    { path: 'config.json', sha256: 'a' },
    { path: 'model.safetensors', sha256: 'b' },
  ];
  const fingerprint = contentFingerprint(files);
  // sha256 of "config.json a\nmodel.safetensors b\n", by coreutils
  expect(fingerprint).toBe('8bdca22b5689630f');
  expect(contentFingerprint([...files, { path: 'LICENSE', sha256: 'c' }].reverse())).toBe(fingerprint);
  expect(contentFingerprint([files[0]!, { path: 'model.safetensors', sha256: 'c' }])).not.toBe(fingerprint);
});
