import { statfs } from 'node:fs/promises';
import { AppError } from '../../shared/appError';

const full: readonly unknown[] = ['ENOSPC', 'EDQUOT'];
/** A drive that was pulled, one that became read-only, a folder that is not ours, a file larger than the file system takes, a
 *  file that another program holds. */
const refused: readonly unknown[] = [
  'EIO',
  'EBUSY',
  'EISDIR',
  'ESTALE',
  'EROFS',
  'EACCES',
  'EPERM',
  'ENODEV',
  'ENXIO',
  'ENOTDIR',
  'EEXIST',
  'EFBIG',
];

/** What `work` on files in `folder` gives; `download.diskFull` and `.diskRefused` in place of errors that mean it. */
export async function onDisk<T>(folder: string, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? cause.code : null;
    if (full.includes(code)) throw new AppError('download.diskFull', { folder }, { cause });
    if (refused.includes(code)) throw new AppError('download.diskRefused', { folder }, { cause });
    throw cause;
  }
}

/** Throws `library.diskFull` with what is missing, unless the disk of `folder`, which is there, has room for so many more bytes. */
export async function requireFreeBytes(folder: string, bytes: number): Promise<void> {
  const { bavail, bsize } = await onDisk(folder, statfs(folder));
  const missing = bytes - bavail * bsize;
  if (missing > 0) throw new AppError('library.diskFull', { folder, bytes: missing });
}
