import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { statfsSync, writeFileSync } from 'node:fs';
import { readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { BandwidthLimit } from './bandwidthLimit';
import { systemClock } from './clock';
import { downloadFiles } from './downloadFiles';
import type { PartConsumer } from './downloadOptions';
import type { Part } from './downloadPlan';
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
  const options = optionsFor(folder, { files: wanted, sources: [at], neededBytes: () => 0, chunkBytes: 16_384 });
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
  const more = { neededBytes: () => 0, chunkBytes: 16_384 };
  for (let time = 0; time < 4; time++)
    await expect(downloadAll(folder, [at], more)).rejects.toMatchObject({ code: 'download.diskFull' });
  mount('-o', 'remount,size=2m', folder);
  await downloadAll(folder, [at], more);
  expect(await hashesIn(folder, Object.keys(files))).toEqual(hashesOf(files));
});

/** Takes all that the disk has left, but for so many bytes. */
function fill(folder: string, leftBytes = 0): void {
  const { bavail, bsize } = statfsSync(folder);
  writeFileSync(path.join(folder, 'of-another-program'), Buffer.alloc(Math.max(0, bavail * bsize - leftBytes), 1));
}

/** Fills the disk as soon as something arrives. */
class FillingDisk extends BandwidthLimit {
  #isFull = false;

  constructor(private readonly folder: string) {
    super(systemClock);
  }

  override take(): Promise<void> {
    if (!this.#isFull) fill(this.folder);
    this.#isFull = true;
    return Promise.resolve();
  }
}

const large = { 'model.safetensors': randomBytes(8_000_000) };

test('what is fetched whole has its space from the beginning, whatever fills the disk meanwhile', async ({ skip }) => {
  if (process.platform !== 'linux') return skip('only Linux has the program for it');
  const folder = await smallDisk('24m');
  if (folder === null) return skip('this user may not mount a tmpfs');
  const { at } = await hubWith(large);
  await downloadAll(folder, [at], { limit: new FillingDisk(folder) });
  const { bavail } = statfsSync(folder);
  expect(bavail).toBeLessThan(100); // pages: what the journal was given and did not use
  expect(await hashesIn(folder, Object.keys(large))).toEqual(hashesOf(large));
});

test('parts that are let go take no more of the disk than is held at a time', async ({ skip }) => {
  const folder = await smallDisk('5m');
  if (folder === null) return skip('this user may not mount a tmpfs');
  const { at } = await hubWith(large);
  const [file] = await list(at);
  const partOf = (start: number) => ({
    path: path.join(folder, String(start)),
    offset: 0,
    start,
    sizeBytes: 1_000_000,
  });
  const parts = [0, 1, 2, 3, 4, 5, 6, 7].map((number) => partOf(number * 1_000_000));
  const taken: number[] = [];
  const consume = ({ start }: Part) => Promise.resolve(taken.push(start)).then((): 'release' => 'release');
  const consumer: PartConsumer = { maxHeldBytes: 2_000_000, consume, forget: () => Promise.resolve() };
  const files = [{ ...file!, parts }];
  await downloadFiles(optionsFor(folder, { files, sources: [at], consumer, neededBytes: () => 2_000_000 }));
  expect(taken.toSorted((one, other) => one - other)).toEqual(parts.map(({ start }) => start));
});

test('space that was set aside is asked for only once; what only looks like it is not there', async ({ skip }) => {
  const folder = await smallDisk('24m');
  if (folder === null) return skip('this user may not mount a tmpfs');
  const { hub, at } = await hubWith(large);
  const wanted = whole(await list(at), folder);
  const asked: number[] = [];
  const neededBytes = (toCome: number): number => {
    asked.push(toCome);
    return toCome;
  };
  const options = optionsFor(folder, { files: wanted, sources: [at], neededBytes, parallel: 1 });
  hub.faults.add({ path: '*', fault: { kind: 'status', status: 404 }, skip: 16 });
  const refused = { code: 'download.refused' };
  for (let time = 0; time < 2; time++) await expect(downloadFiles(options)).rejects.toMatchObject(refused);
  expect(asked).toEqual([8_000_000, 0]);
  // As where space cannot be set aside: the file is as long as it will be, and what is missing is a hole in it.
  const hole = ['--punch-hole', '--offset', String(16 * 65_536), '--length', '8000000'];
  execFileSync('fallocate', [...hole, path.join(folder, 'checkpoint/model.safetensors')]);
  fill(folder, 1_000_000); // and four million that were set aside for the journal, which begins anew
  hub.faults.clear();
  hub.served.length = 0;
  await expect(downloadFiles(options)).rejects.toMatchObject({ code: 'library.diskFull' });
  expect(hub.served).toEqual([]);
  expect(Math.abs(asked.at(-1)! - (8_000_000 - 16 * 65_536))).toBeLessThan(8_192); // but for the pages at the ends
  await rm(path.join(folder, 'of-another-program'));
  await downloadFiles(options);
  expect(await hashesIn(folder, Object.keys(large))).toEqual(hashesOf(large));
});

test('without room for what is missing, nothing is asked for', async () => {
  const { hub, at } = await hubWith(files);
  const folder = await temporaryFolder();
  await expect(downloadAll(folder, [at], { neededBytes: () => 2 ** 60 })).rejects.toMatchObject({
    code: 'library.diskFull',
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
