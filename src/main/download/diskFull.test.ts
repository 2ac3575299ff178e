import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { downloadFiles } from './downloadFiles';
import { downloadAll, hashesIn, hashesOf, hubWith, list, optionsFor, temporaryFolder, whole } from './hub.test-support';

const files = { 'model-1.safetensors': randomBytes(300_000), 'model-2.safetensors': randomBytes(300_000) };

const mount = (...args: readonly string[]): void => void execFileSync('mount', args, { stdio: 'pipe' });

/** A folder on a file system of its own, so small that it gets full. Null where this user may not mount one. */
async function smallDisk(size: string): Promise<string | null> {
  const folder = await temporaryFolder();
  try {
    mount('-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', folder);
  } catch {
    return null;
  }
  onTestFinished(() => void execFileSync('umount', [folder]));
  return folder;
}

test('a disk that gets full on the way stops the download, and nothing is lost', async ({ skip }) => {
  const folder = await smallDisk('400k');
  if (folder === null) return skip('this user may not mount a tmpfs');
  const { hub, at } = await hubWith(files);
  const wanted = whole(await list(at), folder);
  // Whoever asks for less than it takes is let in, as when another program fills the disk meanwhile.
  const options = optionsFor(folder, { files: wanted, sources: [at], neededBytes: 0, chunkBytes: 16_384 });
  await expect(downloadFiles(options)).rejects.toMatchObject({ code: 'download.diskFull', params: { folder } });
  const verified = await journalledRanges(options.journalPath);
  expect(verified.length).toBeGreaterThan(10); // 400 KiB hold 24 chunks and the journal
  mount('-o', 'remount,size=2m', folder);
  hub.served.length = 0;
  await downloadFiles(options);
  expect(await hashesIn(folder, Object.keys(files))).toEqual(hashesOf(files));
  for (const known of verified)
    for (const { path: file, start, end } of hub.served)
      expect(file === known.file && start < known.end && known.start < end).toBe(false);
});

test('a full disk is full again at the next try, and the journal stays readable', async ({ skip }) => {
  const folder = await smallDisk('200k');
  if (folder === null) return skip('this user may not mount a tmpfs');
  const { at } = await hubWith(files);
  const more = { neededBytes: 0, chunkBytes: 16_384 };
  for (let time = 0; time < 4; time++)
    await expect(downloadAll(folder, [at], more)).rejects.toMatchObject({ code: 'download.diskFull' });
  mount('-o', 'remount,size=2m', folder);
  await downloadAll(folder, [at], more);
  expect(await hashesIn(folder, Object.keys(files))).toEqual(hashesOf(files));
});

test('without room for what is missing, nothing is asked for', async () => {
  const { hub, at } = await hubWith(files);
  const folder = await temporaryFolder();
  await expect(downloadAll(folder, [at], { neededBytes: 2 ** 60 })).rejects.toMatchObject({
    code: 'download.diskFull',
  });
  expect(hub.served).toEqual([]);
});

test('a folder that cannot be written has a code of its own', async () => {
  const { at } = await hubWith(files);
  const folder = await temporaryFolder();
  await writeFile(path.join(folder, 'file'), '');
  const journalPath = path.join(folder, 'file', 'download.json');
  await expect(downloadAll(folder, [at], { journalPath })).rejects.toMatchObject({ code: 'download.diskRefused' });
});

async function journalledRanges(journalPath: string) {
  const text = await readFile(journalPath, 'utf8');
  const lines = text.split('\n').slice(0, -1); // the last may be torn
  const parsed = lines.map(
    (line) => JSON.parse(line) as { is: string; file: string; start: number; sizeBytes: number },
  );
  const chunks = parsed.filter(({ is }) => is === 'chunk');
  return chunks.map(({ file, start, sizeBytes }) => ({ file, start, end: start + sizeBytes }));
}
