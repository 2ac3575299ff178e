import { mkdir, stat } from 'node:fs/promises';
import path from 'node:path';

/** Makes a folder, and those that it lies in, where they are not there. Node's own `recursive` tries for ever where a file system
 *  such as /proc says of a new folder that it does not exist. */
export async function makeFolders(folder: string): Promise<void> {
  try {
    await mkdir(folder);
  } catch (error) {
    if (await isFolder(folder)) return;
    const parent = path.dirname(folder);
    if (!isMissing(error) || parent === folder || (await isFolder(parent))) throw error;
    await makeFolders(parent);
    await makeFolders(folder);
  }
}

const isFolder = (folder: string): Promise<boolean> =>
  stat(folder).then(
    (found) => found.isDirectory(),
    () => false,
  );

const isMissing = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === 'ENOENT';
