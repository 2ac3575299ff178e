import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import type { HubFile } from './hubListing';
import { temporaryFolder } from './hub.test-support';
import { Journal } from './journal';

const file: HubFile = { path: 'model.safetensors', sizeBytes: 300, sha256: 'a'.repeat(64), gitId: null };
const chunkAt = (start: number) =>
  ({ is: 'chunk', file: file.path, start, sizeBytes: 100, sha256: 'b'.repeat(64), place: 'x', offset: start }) as const;

async function journalIn(folder: string, files: readonly HubFile[] = [file]): Promise<Journal> {
  return Journal.open(path.join(folder, 'download.json'), files);
}

test('what was written is known to the next run', async () => {
  const folder = await temporaryFolder();
  const journal = await journalIn(folder);
  await journal.append(chunkAt(100));
  await journal.append(chunkAt(0));
  await journal.append({ is: 'hashed', file: file.path, bytes: 100, state: 'state' });
  await journal.append({ is: 'released', file: file.path, start: 0, sizeBytes: 100 });
  await journal.append({ is: 'etag', file: file.path, source: 'custom', etag: '"e"' });
  await journal.append({ is: 'lost', file: file.path, start: 0 });
  await journal.close();
  for (const next of [await journalIn(folder), await journalIn(folder)]) {
    const state = next.stateOf(file);
    expect(state.lines()).toEqual(journal.stateOf(file).lines());
    expect(state.chunks.map(({ start, isLost }) => [start, isLost])).toEqual([
      [0, true],
      [100, false],
    ]);
    expect(state.missing({ start: 0, end: 300 })).toEqual([
      { start: 0, end: 100, sha256: 'b'.repeat(64) }, // the hash has passed it: only the same bytes may come back
      { start: 200, end: 300, sha256: null },
    ]);
    expect(state.isReleased(10, 90)).toBe(true);
    await next.close();
  }
});

test('cut at any byte, it says what its whole lines say', async () => {
  const folder = await temporaryFolder();
  const journal = await journalIn(folder);
  for (const start of [0, 100, 200]) await journal.append(chunkAt(start));
  await journal.close();
  const whole = await readFile(path.join(folder, 'download.json'), 'utf8');
  const lines = whole.split('\n');
  for (let length = 0; length <= whole.length; length++) {
    await writeFile(path.join(folder, 'download.json'), whole.slice(0, length));
    const cut = await journalIn(folder);
    // The first line names the file. A line is whole before its line break is written.
    const chunks = [1, 2, 3].filter((number) => lines.slice(0, number + 1).join('\n').length <= length);
    expect(cut.stateOf(file).chunks, `${length} bytes`).toHaveLength(chunks.length);
    await cut.append(chunkAt(200)); // what follows a torn line must not be torn with it
    await cut.close();
    const next = await journalIn(folder);
    expect(next.stateOf(file).isPresent(200, 300)).toBe(true);
    await next.close();
  }
});

test('another file under the same path begins anew; other files stay', async () => {
  const folder = await temporaryFolder();
  const other = { ...file, path: 'other.safetensors' };
  const journal = await journalIn(folder, [file, other]);
  await journal.append(chunkAt(0));
  await journal.append({ ...chunkAt(0), file: other.path });
  await journal.close();
  const changed = { ...file, sha256: 'c'.repeat(64) };
  const next = await journalIn(folder, [changed]); // the other is not wanted this time
  expect(next.stateOf(changed).chunks).toEqual([]);
  await next.close();
  const last = await journalIn(folder, [other]);
  expect(last.stateOf(other).chunks).toHaveLength(1);
  await last.close();
});

test('a rejected file is as if nothing had been fetched', async () => {
  const folder = await temporaryFolder();
  const journal = await journalIn(folder);
  await journal.append(chunkAt(0));
  await journal.append({ is: 'hashed', file: file.path, bytes: 100, state: 'state' });
  await journal.append({ is: 'rejected', file: file.path });
  await journal.close();
  const next = await journalIn(folder);
  expect(next.stateOf(file)).toMatchObject({ chunks: [], hashedBytes: 0, hashState: null });
  await next.close();
});

test('a chunk that is lost before it was hashed is simply missing', async () => {
  const journal = await journalIn(await temporaryFolder());
  await journal.append(chunkAt(0));
  await journal.append({ is: 'lost', file: file.path, start: 0 });
  expect(journal.stateOf(file).missing({ start: 0, end: 300 })).toEqual([{ start: 0, end: 300, sha256: null }]);
  await journal.close();
});
