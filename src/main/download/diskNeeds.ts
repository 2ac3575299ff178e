import type { DownloadContext } from './downloadContext';
import { endOf, placesOf, type Place, type WantedFile } from './downloadPlan';
import { reserveSpace } from './reserveSpace';

/** Less is not worth a call of its own. */
const leastBytes = 1 << 20;
/** Lines of half a kilobyte, for every chunk or every ten seconds. */
const journalBytes = 4 << 20;

/**
 * Bytes that the disk must still give for what is missing. How long a file is says nothing of that, since it may have been made
 * so long with nothing in it: what counts is what the journal lacks, as far as the file has no room for it yet.
 */
export async function bytesToCome(context: DownloadContext): Promise<number> {
  let bytes = 0;
  for (const file of context.options.files)
    for (const place of placesOf(file)) {
      const missing = missingAt(place, file, context);
      if (missing > 0) bytes += Math.min(missing, await unallocatedAt(place, context));
    }
  return bytes;
}

function missingAt({ parts }: Place, file: WantedFile, { journal }: DownloadContext): number {
  const state = journal.stateOf(file);
  const ranges = parts.flatMap(({ start, sizeBytes }) => state.missing({ start, end: start + sizeBytes }));
  return ranges.reduce((sum, { start, end }) => sum + end - start, 0);
}

const unallocatedAt = async ({ path, sizeBytes }: Place, { disk }: DownloadContext): Promise<number> =>
  Math.max(0, sizeBytes - (await disk.takenBytes(disk.placeOf(path))));

/** Sets aside the space of files that will lie here whole, and that of the journal. Parts that are let go one by one are never
 *  all here: each gives its space to the next. */
export async function reserveFiles({ options, journal, disk, signal }: DownloadContext): Promise<void> {
  let isAny = false;
  for (const file of options.files) {
    const [place, another] = placesOf(file);
    if (place === undefined || another !== undefined || place.sizeBytes < leastBytes) continue;
    if (journal.stateOf(file).isPresent(0, endOf(file))) continue;
    await disk.reserve(disk.placeOf(place.path), place.sizeBytes, signal);
    isAny = true;
  }
  if (isAny) await reserveSpace(journal.path, { sizeBytes: journalBytes, keepsLength: true }, signal);
}
