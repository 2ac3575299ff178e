import { AppError } from '../../shared/appError';
import { lockFile } from '../app/fileLock';
import { onDisk } from './diskErrors';

/** Keeps every other process from this download until the returned function is called; throws `download.locked` when one is
 *  at it already. */
export async function lockDownload(file: string, folder: string): Promise<() => Promise<void>> {
  const unlock = await onDisk(folder, lockFile(file));
  if (unlock === null) throw new AppError('download.locked', { folder });
  return unlock;
}
