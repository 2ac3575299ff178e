import { statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Hardware } from '../../shared/hardware';
import { isMissing } from '../app/jsonFile';

/** The disk that a folder is on, or will be once it is made; null where that does not tell. Free is what this user may write,
 *  which is less than what is free. */
export async function volumeOf(folder: string): Promise<Hardware['disk']> {
  const bytes = await bytesAt(folder);
  return bytes && { folder, ...bytes };
}

async function bytesAt(folder: string): Promise<{ total: number; free: number } | null> {
  try {
    const { blocks, bavail, bsize } = await statfs(folder);
    return { total: blocks * bsize, free: bavail * bsize };
  } catch (error) {
    const parent = dirname(folder);
    return isMissing(error) && parent !== folder ? bytesAt(parent) : null; // a drive that does not answer tells nothing
  }
}
