import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { PreparedFolder } from './preparedFolder';
import { weightFilesOf, type MadeFile } from './preparedManifest';

/** The weight files of a prepared folder that still have the sums which its manifest names: all of them are read. */
export async function intactFiles(prepared: PreparedFolder, signal?: AbortSignal): Promise<Record<string, MadeFile>> {
  const intact: Record<string, MadeFile> = {};
  for (const [file, made] of Object.entries(weightFilesOf(prepared.manifest))) {
    const sum = createHash('sha256');
    await pipeline(createReadStream(path.join(prepared.folder, file)), sum, signal ? { signal } : {});
    if (sum.digest('hex') === made.sha256) intact[file] = made;
  }
  return intact;
}
