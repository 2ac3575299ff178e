import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { copyVerified, hashFile } from './copyVerified';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'deskmate-copy-'));
});
afterEach(() => rm(folder, { recursive: true }));

const { signal } = new AbortController();
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
/** 16 MiB and a bit, no two chunks alike. */
const bytes = Uint8Array.from({ length: (16 << 20) + 12_345 }, (_, at) => (at >> 8) % 251);

test('a copy holds the same bytes, and the hashes tell the whole and each 16 MiB of it', async () => {
  const [from, to] = [join(folder, 'from'), join(folder, 'deep', 'er', 'to')];
  await writeFile(from, bytes);
  let copied = 0;
  const hashes = await copyVerified({ from, to, signal, onBytes: (count) => (copied += count) });
  expect(readFileSync(to).equals(bytes)).toBe(true);
  expect(copied).toBe(bytes.length);
  expect(hashes).toEqual({
    sizeBytes: bytes.length,
    sha256: sha256(bytes),
    chunks: [
      { start: 0, sizeBytes: 16 << 20, sha256: sha256(bytes.subarray(0, 16 << 20)) },
      { start: 16 << 20, sizeBytes: 12_345, sha256: sha256(bytes.subarray(16 << 20)) },
    ],
  });
  expect(await hashFile(to, { signal })).toEqual(hashes);
});

test('an empty file has no chunks', async () => {
  await writeFile(join(folder, 'empty'), '');
  expect(await hashFile(join(folder, 'empty'), { signal })).toMatchObject({ sizeBytes: 0, chunks: [] });
});

test('a copy that is stopped leaves nothing', async () => {
  const stop = new AbortController();
  const [from, to] = [join(folder, 'from'), join(folder, 'to')];
  await writeFile(from, bytes);
  const copy = copyVerified({ from, to, signal: stop.signal, onBytes: () => stop.abort(new Error('stopped')) });
  await expect(copy).rejects.toThrow('stopped');
  expect(await readdir(folder)).toEqual(['from']);
  expect(existsSync(to)).toBe(false);
});
