import { rm, rmdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { isMissing } from '../app/jsonFile';

/** Deletes exactly these files, and then the folders below `root` and `root` itself where nothing else is in them. */
export async function removeFiles(root: string, paths: readonly string[]): Promise<void> {
  await removeFilesIn(root, paths);
  await removeIfEmpty(root);
}

/** The same, but `root` stays: someone else made it. */
export async function removeFilesIn(root: string, paths: readonly string[]): Promise<void> {
  for (const path of paths) await rm(join(root, path), { force: true });
  const folders = [...new Set(paths.flatMap(foldersOf))];
  const deepestFirst = folders.sort((a, b) => b.length - a.length);
  for (const folder of deepestFirst) await removeIfEmpty(join(root, folder));
}

/** `a/b/c.bin` → `a/b`, `a`. */
function foldersOf(path: string): string[] {
  const folder = dirname(path);
  return folder === '.' ? [] : [folder, ...foldersOf(folder)];
}

async function removeIfEmpty(folder: string): Promise<void> {
  try {
    await rmdir(folder);
  } catch (error) {
    if (!isMissing(error) && !isInUse(error)) throw error;
  }
}

/** Not empty (Windows and some file systems say it in other words): it holds what is not ours. */
const isInUse = (error: unknown): boolean =>
  error instanceof Error &&
  'code' in error &&
  ['ENOTEMPTY', 'EEXIST', 'EPERM', 'EBUSY', 'EACCES'].includes(String(error.code));
