import { readFile } from 'node:fs/promises';
import type { z } from 'zod';
import { writeFileAtomically } from './atomicFile';
import { asDiskFull } from './diskFull';

/** What a JSON file of ours says; null where there is none, or where it cannot be read as what it should be. */
export async function readJsonFile<T>(file: string, schema: z.ZodType<T>): Promise<T | null> {
  try {
    const parsed = schema.safeParse(JSON.parse(await readFile(file, 'utf8')));
    return parsed.success ? parsed.data : null;
  } catch (error) {
    if (error instanceof SyntaxError || isMissing(error)) return null;
    throw error;
  }
}

/** Replaces the file as a whole. Throws `store.diskFull` where there is no room. */
export async function writeJsonFile(file: string, value: unknown): Promise<void> {
  try {
    await writeFileAtomically(file, `${JSON.stringify(value)}\n`);
  } catch (error) {
    throw error instanceof Error ? asDiskFull(error) : error;
  }
}

/** Whether a file system call failed because there is no such file or folder. */
export const isMissing = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR');
