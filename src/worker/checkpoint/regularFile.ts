import { readFile, stat } from 'node:fs/promises';

/** Reads a file whole. Rejects, as the system does, with a `code`, also where it is none: a pipe would wait for its other end, and
 *  a device may have no end. */
export async function readRegularFile(file: string): Promise<Buffer> {
  const found = await stat(file);
  if (found.isFile() || found.isDirectory()) return readFile(file); // a folder is EISDIR
  throw Object.assign(new Error(`${file} is no regular file`), { code: 'no regular file', syscall: 'read' });
}

/** Why a file could not be read, to be put into brackets. */
export const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
