import path from 'node:path';
import { downloadFiles } from './downloadFiles';
import type { DownloadOptions } from './downloadOptions';
import type { Chunk, FileRecord, WantedFile } from './downloadPlan';
import { Journal } from './journal';
import { PartDisk } from './partDisk';
import { sha256Of } from './sha256Of';

/** A file that was fetched whole, and where it lies. */
export type RecordedFile = FileRecord & WantedFile;
export type Damage = { readonly file: RecordedFile; readonly chunks: readonly Chunk[] };

/** Reads files against their hashes and gives those that are not what they were, with the chunks that are not. */
export async function findDamage(
  files: readonly RecordedFile[],
  { signal, onProgress }: { signal: AbortSignal; onProgress?: (doneBytes: number) => void },
): Promise<readonly Damage[]> {
  const found: Damage[] = [];
  let doneBytes = 0;
  for (const file of files) {
    const chunks = [];
    for (const chunk of file.chunks) {
      signal.throwIfAborted();
      if (!(await isWhole(file, chunk))) chunks.push(chunk);
      onProgress?.((doneBytes += chunk.sizeBytes));
    }
    if (chunks.length > 0 || !(await hasItsLength(file))) found.push({ file, chunks });
  }
  return found;
}

/** Fetches the damaged chunks again, and nothing else. Rejects as downloadFiles does; then the journal stays for the next try. */
export async function repairFiles(
  damage: readonly Damage[],
  options: Omit<DownloadOptions, 'files' | 'consumer'>,
): Promise<void> {
  const files = damage.map(({ file }) => file);
  const disk = new PartDisk(path.dirname(options.journalPath));
  const journal = await Journal.open(options.journalPath, files);
  try {
    for (const one of damage) await writeDown(one, journal, disk);
  } finally {
    await journal.close();
  }
  await downloadFiles({ ...options, files });
}

async function writeDown({ file, chunks }: Damage, journal: Journal, disk: PartDisk): Promise<void> {
  const { path: published, sizeBytes, sha256 } = file;
  const lines = file.chunks.map(async (chunk) => {
    const part = partOf(file, chunk);
    const where = { place: disk.placeOf(part.path), offset: part.offset + chunk.start - part.start };
    await journal.append({ is: 'chunk', file: published, ...chunk, ...where });
  });
  const hashed = journal.append({ is: 'hashed', file: published, bytes: sizeBytes, state: '' }); // never gone on with
  const whole = journal.append({ is: 'whole', file: published, sha256 });
  const lost = chunks.map(({ start }) => journal.append({ is: 'lost', file: published, start }));
  await Promise.all([...lines, hashed, whole, ...lost]);
  for (const part of file.parts) {
    const length = lengthOf(file, part.path);
    const place = disk.placeOf(part.path);
    if (((await disk.sizeOf(place)) ?? 0) > length) await disk.cut(place, length);
  }
}

async function isWhole(file: RecordedFile, chunk: Chunk): Promise<boolean> {
  const part = partOf(file, chunk);
  const disk = new PartDisk(path.dirname(part.path));
  const place = disk.placeOf(part.path);
  const bytes = await disk.read({ place, offset: part.offset + chunk.start - part.start, sizeBytes: chunk.sizeBytes });
  return (await sha256Of(bytes)) === chunk.sha256;
}

const partOf = ({ parts }: WantedFile, { start }: Chunk) =>
  parts.find((part) => part.start <= start && start < part.start + part.sizeBytes)!; // a recorded file has all its parts

const lengthOf = ({ parts }: WantedFile, file: string): number =>
  Math.max(...parts.filter(({ path: one }) => one === file).map(({ offset, sizeBytes }) => offset + sizeBytes));

async function hasItsLength(file: RecordedFile): Promise<boolean> {
  for (const part of file.parts) {
    const disk = new PartDisk(path.dirname(part.path));
    if ((await disk.sizeOf(disk.placeOf(part.path))) !== lengthOf(file, part.path)) return false;
  }
  return true;
}
