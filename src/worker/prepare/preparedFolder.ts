import { open, readFile, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import type { Precision } from '../../shared/precision';
import type { Checkpoint } from '../checkpoint/checkpoint';
import type { FloatType } from '../checkpoint/floatType';
import { journalFileName } from './journal';
import { manifestFileName, PreparedManifest, type PreparedIdentity } from './preparedManifest';

export type PreparedFolder = { folder: string; manifest: PreparedManifest };

/** The name of the folder that holds a checkpoint's weights in one form. */
export const preparedFolderName = ({ fingerprint }: Checkpoint, precision: Precision, floatType: FloatType): string =>
  `${fingerprint}-${precision}-${floatType}`;

/** A folder's manifest, or null when there is no whole folder of this identity. */
export async function readPrepared(folder: string, identity: PreparedIdentity): Promise<PreparedFolder | null> {
  try {
    const json: unknown = JSON.parse(await readFile(path.join(folder, manifestFileName), 'utf8'));
    const manifest = PreparedManifest.parse(json);
    if (JSON.stringify(manifest.identity) !== JSON.stringify(identity)) return null;
    for (const [file, { byteLength }] of Object.entries(manifest.files))
      if ((await stat(path.join(folder, file))).size !== byteLength) return null;
    await rm(path.join(folder, journalFileName), { force: true }); // left by a kill after the manifest was written
    return { folder, manifest };
  } catch {
    return null; // absent, half deleted or of another layout: it is made anew in any case
  }
}

/** Makes a folder whole: all files it names are there. */
export async function writeManifest(folder: string, manifest: PreparedManifest): Promise<void> {
  const file = path.join(folder, manifestFileName);
  const handle = await open(`${file}.new`, 'w');
  try {
    await handle.writeFile(JSON.stringify(manifest));
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(`${file}.new`, file);
}
