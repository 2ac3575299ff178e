import { onDisk } from './diskErrors';
import type { DownloadContext } from './downloadContext';
import { endOf, type WantedFile } from './downloadPlan';
import type { StoredChunk } from './fileState';
import type { Hashing } from './hashing';
import type { HashedStep } from './hashStep';
import type { HeldParts } from './heldParts';

type Tools = { readonly held: HeldParts; readonly hashing: Hashing };

/**
 * Follows the bytes of a file from its beginning as they become whole, and hashes them; each chunk is read back and compared
 * with the journal first, so that no bad byte gets into the hash of the file. False: the whole file is not the one that was
 * wanted. Rejects with the signal's reason.
 */
export async function followHash(file: WantedFile, context: DownloadContext, tools: Tools): Promise<boolean> {
  const { journal, bell, signal } = context;
  const state = journal.stateOf(file);
  if (state.sha256 !== null) return true;
  while (state.hashedBytes < endOf(file)) {
    signal.throwIfAborted();
    const change = bell.next();
    const chunk = state.chunkAt(state.hashedBytes);
    if (chunk === undefined || !(await hashChunk(file, chunk, { ...context, ...tools }))) await change;
    tools.held.update(file);
  }
  if (endOf(file) < file.sizeBytes) return true;
  const { sha256, isRight } = (await step(file, null, { ...context, ...tools }))!; // without a chunk there is none to be wrong
  if (isRight) await journal.append({ is: 'whole', file: file.path, sha256 });
  return isRight;
}

/** False when its bytes are not the ones; they will come again. */
async function hashChunk(file: WantedFile, chunk: StoredChunk, tools: DownloadContext & Tools): Promise<boolean> {
  const { journal, bell } = tools;
  const hashed = await step(file, chunk, tools);
  if (hashed === null) {
    await journal.append({ is: 'lost', file: file.path, start: chunk.start });
    bell.ring();
    return false;
  }
  await journal.append({ is: 'hashed', file: file.path, bytes: chunk.start + chunk.sizeBytes, state: hashed.state });
  return true;
}

function step(
  wanted: WantedFile,
  chunk: StoredChunk | null,
  { journal, disk, hashing }: DownloadContext & Tools,
): Promise<HashedStep | null> {
  const { path, sizeBytes, sha256, gitId } = wanted;
  const file = { path, sizeBytes, sha256, gitId };
  const where = chunk && { ...chunk, path: disk.pathOf(chunk.place) };
  return onDisk(disk.folder, hashing.step({ file, state: journal.stateOf(wanted).hashState, chunk: where }));
}
