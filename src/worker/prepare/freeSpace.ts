import { statfs } from 'node:fs/promises';
import { AppError } from '../../shared/appError';

/** Room for the manifest, the journal and the file system's own records. */
const reserveBytes = 4 << 20;

/** Bytes that are missing in `folder` for `bytes` more; zero or less where there is room. */
export async function missingBytes(folder: string, bytes: number): Promise<number> {
  const { bavail, bsize } = await statfs(folder);
  return bytes + reserveBytes - bavail * bsize;
}

/** Throws `prepare.diskFull` with the bytes that are missing. */
export async function requireFreeSpace(folder: string, bytes: number): Promise<void> {
  const missing = await missingBytes(folder, bytes);
  if (bytes > 0 && missing > 0) throw new AppError('prepare.diskFull', { folder, bytes: missing });
}
