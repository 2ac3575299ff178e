import type { DownloadContext } from './downloadContext';
import type { WantedFile } from './downloadPlan';
import type { StoredChunk } from './fileState';

/**
 * Believes of an earlier run only what still lies where it must: its bytes were on the disk before the journal said so, so a
 * look at the length is enough here; bytes that are not hashed yet are compared when they are.
 */
export async function checkStoredChunks(file: WantedFile, context: DownloadContext): Promise<void> {
  const { journal, disk } = context;
  const state = journal.stateOf(file);
  if (state.chunks.length === 0) return beginAnew(file, context);
  for (const chunk of state.chunks) {
    const { start, sizeBytes, place, offset, isLost } = chunk;
    if (state.isReleased(start, start + sizeBytes)) continue;
    const isElsewhere = !isWhereWanted(chunk, file, context);
    // The hash has passed bytes that cannot be put back in one piece: the file begins anew.
    if (isElsewhere && start + sizeBytes <= state.hashedBytes)
      return journal.append({ is: 'rejected', file: file.path });
    if (isElsewhere || (!isLost && !(await disk.hasBytes(place, offset + sizeBytes))))
      await journal.append({ is: 'lost', file: file.path, start });
  }
  for (const { path, start, sizeBytes } of file.parts)
    if (sizeBytes > 0 && state.isReleased(start, start + sizeBytes)) await disk.delete(disk.placeOf(path));
}

/** What nobody journalled is not built upon. A file without bytes is made here, as none will come. */
async function beginAnew({ parts }: WantedFile, { disk }: DownloadContext): Promise<void> {
  for (const { path, offset, sizeBytes } of parts) {
    await disk.delete(disk.placeOf(path));
    if (offset + sizeBytes === 0) await (await disk.open(disk.placeOf(path), 0)).close();
  }
}

function isWhereWanted(chunk: StoredChunk, file: WantedFile, { disk }: DownloadContext): boolean {
  const part = file.parts.find(({ start, sizeBytes }) => start <= chunk.start && chunk.start < start + sizeBytes);
  if (part === undefined) return true; // beyond what this run wants
  const isWithin = chunk.start + chunk.sizeBytes <= part.start + part.sizeBytes;
  return isWithin && disk.placeOf(part.path) === chunk.place && part.offset - part.start === chunk.offset - chunk.start;
}
