import { rm } from 'node:fs/promises';
import path from 'node:path';
import { AppError } from '../../shared/appError';
import { lockFolder } from './folderLock';
import { missingBytes } from './freeSpace';
import { makeFolders } from './makeFolders';

type Place = {
  readonly folder: string;
  readonly signal?: AbortSignal | undefined;
  /** Bytes that are still to be written, asked when the disk was found full. */
  readonly bytesToWrite: () => number;
};

/** Works in a folder, which is made if it is not there, while no other process does. What the operating system refuses
 *  becomes `prepare.diskFull` or `prepare.failed`. */
export async function inFolder<T>({ folder, signal, bytesToWrite }: Place, work: () => Promise<T>): Promise<T> {
  try {
    await makeFolders(folder);
    const unlock = await lockFolder(folder, signal);
    try {
      return await work();
    } finally {
      await unlock();
    }
  } catch (error) {
    signal?.throwIfAborted();
    throw await asAppError(error, folder, bytesToWrite);
  }
}

/** Removes files, and nothing else that is in the folder. */
export async function removeFiles(folder: string, files: readonly string[]): Promise<void> {
  for (const file of files) await rm(path.join(folder, file), { force: true });
}

/** What the operating system refused as `prepare.diskFull` or `prepare.failed`; other errors as they are. */
export async function asAppError(error: unknown, folder: string, bytesToWrite: () => number): Promise<unknown> {
  const code = error instanceof Error && 'syscall' in error && 'code' in error ? error.code : undefined;
  if (typeof code !== 'string') return error; // not of the operating system
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    const missing = Math.max(await missingBytes(folder, bytesToWrite()), 1); // a quota is no matter of the disk
    return new AppError('prepare.diskFull', { folder, bytes: missing }, { cause: error });
  }
  return new AppError('prepare.failed', { reason: `${code} in ${folder}` }, { cause: error });
}
