import { appendFile, open, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';

/** Resolves when the bytes of a file are on the disk. */
export async function syncFile(file: string): Promise<void> {
  const handle = await open(file, 'r+');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Resolves when new names in a folder are on the disk. Windows has no such call, and writes names with the files. */
export async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Gives a file its new content at once: after a loss of power it has either the old or the new one. */
export async function replaceFile(file: string, content: string | Uint8Array): Promise<void> {
  const fresh = `${file}.new`;
  try {
    await rm(fresh, { force: true }); // left by a kill
    await writeFile(fresh, content, { flush: true });
    await rename(fresh, file);
  } catch (error) {
    await rm(fresh, { force: true });
    throw error;
  }
  await syncFolder(path.dirname(file));
}

/** Resolves when `line` is on the disk, at the end of a file. */
export const appendLine = (file: string, line: string): Promise<void> => appendFile(file, line, { flush: true });
