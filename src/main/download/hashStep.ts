import { createHash } from 'node:crypto';
import { closeSync, openSync, readSync } from 'node:fs';
import { FileHasher } from './fileHasher';
import type { HubFile } from './hubListing';

/** One step of a file's hash: from `state` (null: the beginning) on by a chunk, or only to its end. */
export type HashStep = {
  readonly file: HubFile;
  readonly state: string | null;
  /** Where the chunk lies, and the hash of its own that it must have. */
  readonly chunk: {
    readonly path: string;
    readonly offset: number;
    readonly sizeBytes: number;
    readonly sha256: string;
  } | null;
};

export type HashedStep = {
  /** What goes on behind it. */
  readonly state: string;
  /** Of all bytes so far; and whether that is what the whole file must have. */
  readonly sha256: string;
  readonly isRight: boolean;
};

const sliceBytes = 1 << 20;

/** Null when the chunk's bytes are not there, or are not the ones: then the file's hash stays as it was. */
export async function hashStep({ file, state, chunk }: HashStep): Promise<HashedStep | null> {
  const hasher = await FileHasher.open(file, state);
  if (chunk !== null && !addChunk(hasher, chunk)) return null;
  return { state: hasher.save(), ...hasher.digest() };
}

function addChunk(hasher: FileHasher, chunk: NonNullable<HashStep['chunk']>): boolean {
  const hash = createHash('sha256');
  const isWhole = readSlices(chunk, (bytes) => {
    hash.update(bytes);
    hasher.update(bytes);
  });
  return isWhole && hash.digest('hex') === chunk.sha256;
}

/** False when the file is not there, or ends before the chunk does. */
function readSlices(
  { path, offset, sizeBytes }: NonNullable<HashStep['chunk']>,
  take: (bytes: Uint8Array) => void,
): boolean {
  const descriptor = openIfThere(path);
  if (descriptor === null) return false;
  try {
    const slice = new Uint8Array(Math.min(sliceBytes, sizeBytes));
    for (let done = 0; done < sizeBytes;) {
      const length = readSync(descriptor, slice, 0, Math.min(slice.length, sizeBytes - done), offset + done);
      if (length === 0) return false;
      take(slice.subarray(0, length));
      done += length;
    }
    return true;
  } finally {
    closeSync(descriptor);
  }
}

function openIfThere(path: string): number | null {
  try {
    return openSync(path, 'r');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
}
