import { readFile, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { AppError } from '../../shared/appError';
import type { QwenConfig } from '../checkpoint/qwenConfig';
import { embeddingTensor } from '../checkpoint/qwenTensors';
import type { StoredTensor } from '../checkpoint/safetensors';
import { replaceFile } from './durable';
import { journalFileName, type Journal } from './journal';
import type { PlannedFile } from './planFiles';
import { manifestFileName, PreparedManifest, storedEmbedding, type PreparedIdentity } from './preparedManifest';

export type PreparedFolder = { folder: string; manifest: PreparedManifest };

/** What must be true of a folder to be of use. Weights that an older engine made are still weights. */
type Wanted = Omit<PreparedIdentity, 'engineVersion' | 'formatVersion'> & Partial<PreparedIdentity>;

/** A folder's manifest, or null when there is no whole folder of this identity. */
export async function readPrepared(folder: string, wanted: Wanted): Promise<PreparedFolder | null> {
  try {
    const json: unknown = JSON.parse(await readFile(path.join(folder, manifestFileName), 'utf8'));
    const manifest = PreparedManifest.parse(json);
    const { identity } = manifest;
    if (JSON.stringify({ ...identity, ...wanted }) !== JSON.stringify(identity)) return null;
    for (const [file, { byteLength }] of Object.entries(manifest.files))
      if ((await stat(path.join(folder, file))).size !== byteLength) return null;
    await rm(path.join(folder, journalFileName), { force: true }); // left by a kill after the manifest was written
    return { folder, manifest };
  } catch {
    return null; // absent, half deleted or of another layout: it is made anew in any case
  }
}

/** Throws `folder.notEmpty` where the folder has someone else's manifest.json: the name is a common one. */
export async function refuseForeignManifest(folder: string): Promise<void> {
  let json: unknown;
  try {
    json = JSON.parse(await readFile(path.join(folder, manifestFileName), 'utf8'));
  } catch {
    return; // absent, or cut off in the middle as only what is ours can be
  }
  if (typeof json !== 'object' || json === null || !('identity' in json))
    throw new AppError('folder.notEmpty', { folder });
}

/** The embedding of a folder that does without the shards; null in others. */
export function embeddingOf({ folder, manifest }: PreparedFolder, config: QwenConfig): StoredTensor | null {
  const stored = storedEmbedding(manifest);
  if (!stored) return null;
  const { file, offset, byteLength } = stored.values;
  const shape = [config.vocabularySize, config.hiddenSize];
  const place = { shard: file, file: path.join(folder, file), offset, byteLength };
  return { name: embeddingTensor, dtype: stored.dtype, shape, ...place };
}

type Made = {
  readonly plan: readonly PlannedFile[];
  readonly identity: PreparedIdentity;
  /** Knows all files of the plan. */
  readonly journal: Journal;
};

/** Makes a folder whole: all its files are there. */
export async function finishFolder(folder: string, made: Made): Promise<PreparedFolder> {
  const manifest = manifestOf(made);
  await replaceFile(path.join(folder, manifestFileName), JSON.stringify(manifest));
  await made.journal.remove();
  return { folder, manifest };
}

/** The order is the plan's, whichever file was made first: the same weights give the same manifest. */
function manifestOf({ plan, identity, journal }: Made): PreparedManifest {
  const files = plan.flatMap(({ job: { file, byteLength } }) => {
    const made = journal.madeFile(file);
    return made ? [[file, { byteLength, ...made }] as const] : [];
  });
  const tensors = plan.flatMap((file) => Object.entries(file.tensors));
  return { identity, files: Object.fromEntries(files), tensors: Object.fromEntries(tensors) };
}
