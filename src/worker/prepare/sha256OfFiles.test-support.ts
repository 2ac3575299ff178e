import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';

/** The sha256 of every file in a folder, by name. */
export async function sha256OfFiles(folder: string): Promise<Record<string, string>> {
  const sums: Record<string, string> = {};
  for (const file of (await readdir(folder)).sort())
    sums[file] = createHash('sha256')
      .update(await readFile(path.join(folder, file)))
      .digest('hex');
  return sums;
}
