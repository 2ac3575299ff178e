import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { type FileHandle, mkdtemp, open, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from 'vitest';
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

/** Tells what is written into files from now on, and where. */
async function watchWrites(): Promise<() => { length: number; position: number }[]> {
  const handle = await open(folder);
  const write = vi.spyOn(Object.getPrototypeOf(handle) as FileHandle, 'write');
  await handle.close();
  onTestFinished(() => write.mockRestore());
  const calls = write.mock.calls as unknown as [Uint8Array, number, number, number][]; // of its overloads, the one for bytes
  return () => calls.map(([, , length, position]) => ({ length, position }));
}

test('a copy that is stopped goes on where it was, and writes nothing a second time', async () => {
  const stop = new AbortController();
  const [from, to] = [join(folder, 'from'), join(folder, 'to')];
  await writeFile(from, bytes);
  let copied = 0;
  const onBytes = (count: number) => {
    copied += count;
    if (copied > 8 << 20) stop.abort(new Error('stopped'));
  };
  await expect(copyVerified({ from, to, signal: stop.signal, onBytes })).rejects.toThrow('stopped');
  expect(existsSync(to)).toBe(false);
  const begun = (await stat(`${to}.new`)).size;
  expect(begun).toBeGreaterThan(8 << 20);
  expect(begun).toBeLessThan(bytes.length);
  const writes = await watchWrites();
  await copyVerified({ from, to, signal });
  expect(Math.min(...writes().map(({ position }) => position))).toBe(begun);
  expect(writes().reduce((sum, { length }) => sum + length, 0)).toBe(bytes.length - begun);
  expect(readFileSync(to).equals(bytes)).toBe(true);
  expect(await readdir(folder)).toEqual(['from', 'to']);
});

test.each([
  ['other bytes', Buffer.alloc(bytes.length, 7)],
  ['the right bytes at first', Buffer.concat([bytes.subarray(0, 5 << 20), Buffer.alloc(3 << 20, 7)])],
  ['more than there should be', Buffer.concat([bytes, Buffer.alloc(1 << 20)])],
])('of an unfinished copy with %s nothing wrong stays', async (_what, there) => {
  const [from, to] = [join(folder, 'from'), join(folder, 'to')];
  await writeFile(from, bytes);
  await writeFile(`${to}.new`, there);
  expect(await copyVerified({ from, to, signal })).toMatchObject({ sha256: sha256(bytes) });
  expect(readFileSync(to).equals(bytes)).toBe(true);
});
