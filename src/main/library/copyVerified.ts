import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { type FileHandle, mkdir, open, rename, rm, stat, statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { AppError } from '../../shared/appError';
import type { CheckpointFile } from './records';

type Copy = {
  readonly from: string;
  readonly to: string;
  readonly onBytes?: (bytes: number) => void;
  readonly signal: AbortSignal;
};

export type Hashes = Pick<CheckpointFile, 'sizeBytes' | 'sha256' | 'chunks'>;

/** As the downloader's, so that a copy is checked and repaired in the same steps. */
const chunkBytes = 16 << 20;
const stepBytes = 1 << 20;

/** Where a copy lies until it has its name. */
export const unfinishedCopy = (file: string): string => `${file}.new`;

/**
 * Copies a file and reads the copy back: it takes its name only when it holds what was read. What an earlier try wrote is
 * compared and not written again. Throws the signal's reason when it is no longer wanted, and then the unfinished copy stays;
 * throws `library.copyDiffers` where the copy does not hold what was read, and leaves nothing.
 */
export async function copyVerified({ from, to, onBytes, signal }: Copy): Promise<Hashes> {
  const unfinished = unfinishedCopy(to);
  await mkdir(dirname(to), { recursive: true });
  try {
    const read = await writeCopy({ from, to: unfinished, signal, ...(onBytes && { onBytes }) });
    const written = await hashFile(unfinished, { signal });
    if (written.sha256 !== read.sha256) {
      await rm(unfinished, { force: true });
      throw new AppError('library.copyDiffers', { file: to });
    }
    await takeTimes(from, unfinished);
    await rename(unfinished, to);
    return written;
  } catch (error) {
    throw asDiskFull(error, dirname(to));
  }
}

/** A file's hash, and that of each of its chunks. */
export async function hashFile(
  file: string,
  { onBytes, signal }: { onBytes?: (bytes: number) => void; signal: AbortSignal },
): Promise<Hashes> {
  const [whole, chunks] = [createHash('sha256'), [] as CheckpointFile['chunks']];
  let [chunk, start, size] = [createHash('sha256'), 0, 0];
  const endChunk = (): void => {
    chunks.push({ start, sizeBytes: size - start, sha256: chunk.digest('hex') });
    [chunk, start] = [createHash('sha256'), size];
  };
  for await (const bytes of readSteps(file, signal)) {
    whole.update(bytes);
    chunk.update(bytes);
    size += bytes.length;
    onBytes?.(bytes.length);
    if (size - start === chunkBytes) endChunk();
  }
  if (size > start) endChunk();
  return { sizeBytes: size, sha256: whole.digest('hex'), chunks };
}

/** Throws `library.diskFull` with the bytes that are missing in a folder that is there. */
export async function requireFreeBytes(folder: string, bytes: number): Promise<void> {
  const { bavail, bsize } = await statfs(folder);
  const missing = bytes - bavail * bsize;
  if (missing > 0) throw new AppError('library.diskFull', { folder, bytes: missing });
}

/** Something else filled the disk meanwhile, or a quota did. */
function asDiskFull(error: unknown, folder: string): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : null;
  if (code !== 'ENOSPC' && code !== 'EDQUOT') return error;
  return new AppError('library.diskFull', { folder, bytes: 1 }, { cause: error });
}

async function writeCopy({ from, to, onBytes, signal }: Copy): Promise<{ sha256: string }> {
  const hash = createHash('sha256');
  const target = await open(to, constants.O_RDWR | constants.O_CREAT);
  try {
    let [isSame, end] = [true, 0];
    for await (const bytes of readSteps(from, signal)) {
      hash.update(bytes);
      isSame &&= await holds(target, bytes, end);
      if (!isSame) await writeAll(target, bytes, end);
      end += bytes.length;
      onBytes?.(bytes.length);
    }
    await target.truncate(end);
    await target.sync();
  } finally {
    await target.close();
  }
  return { sha256: hash.digest('hex') };
}

/** Whether an earlier try wrote these bytes here. */
async function holds(target: FileHandle, bytes: Uint8Array, position: number): Promise<boolean> {
  const there = Buffer.alloc(bytes.length);
  const { bytesRead } = await target.read(there, 0, bytes.length, position);
  return bytesRead === bytes.length && there.equals(bytes);
}

async function writeAll(target: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  for (let done = 0; done < bytes.length;)
    done += (await target.write(bytes, done, bytes.length - done, position + done)).bytesWritten;
}

/** A copy is as old as what it is a copy of: prepared weights of a reference are named by that, and a move knows it by that. */
async function takeTimes(from: string, to: string): Promise<void> {
  const { atime, mtime } = await stat(from);
  const handle = await open(to, 'r+');
  try {
    await handle.utimes(atime, mtime);
  } finally {
    await handle.close();
  }
}

async function* readSteps(file: string, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  const handle = await open(file, 'r');
  try {
    const buffer = new Uint8Array(stepBytes);
    for (;;) {
      signal.throwIfAborted();
      const { bytesRead } = await handle.read(buffer, 0, stepBytes, null);
      if (bytesRead === 0) return;
      yield buffer.subarray(0, bytesRead);
    }
  } finally {
    await handle.close();
  }
}
