import type { DownloadContext } from './downloadContext';
import { endOf, type WantedFile } from './downloadPlan';
import { FileHasher } from './fileHasher';
import type { HeldParts } from './heldParts';
import { sha256Of } from './sha256Of';

/**
 * Follows the bytes of a file from its beginning as they become whole, and hashes them; each chunk is read back and compared
 * with the journal first, so that no bad byte gets into the hash of the file. False: the whole file is not the one that was
 * wanted. Rejects with the signal's reason.
 */
export async function followHash(file: WantedFile, context: DownloadContext, held: HeldParts): Promise<boolean> {
  const { journal, bell, signal } = context;
  const state = journal.stateOf(file);
  if (state.sha256 !== null) return true;
  const hasher = await FileHasher.open(file, state.hashState);
  while (state.hashedBytes < endOf(file)) {
    signal.throwIfAborted();
    const change = bell.next();
    if (!(await hashChunk(file, context, hasher))) await change;
    held.update(file);
  }
  if (endOf(file) < file.sizeBytes) return true;
  const { sha256, isRight } = hasher.digest();
  if (isRight) await journal.append({ is: 'whole', file: file.path, sha256 });
  return isRight;
}

/** False while the next chunk is not there. */
async function hashChunk(file: WantedFile, { journal, disk, bell }: DownloadContext, hasher: FileHasher) {
  const state = journal.stateOf(file);
  const chunk = state.chunkAt(state.hashedBytes);
  if (chunk === undefined) return false;
  const bytes = await disk.read(chunk);
  if ((await sha256Of(bytes)) !== chunk.sha256) {
    await journal.append({ is: 'lost', file: file.path, start: chunk.start });
    bell.ring();
    return false;
  }
  await hasher.update(bytes);
  const end = chunk.start + chunk.sizeBytes;
  await journal.append({ is: 'hashed', file: file.path, bytes: end, state: hasher.save() });
  return true;
}
