import { lstat, rm } from 'node:fs/promises';
import path from 'node:path';
import type { QwenConfig } from '../checkpoint/qwenConfig';
import { embeddingTensor } from '../checkpoint/qwenTensors';
import { readRegularFile } from '../checkpoint/regularFile';
import type { StoredTensor } from '../checkpoint/safetensors';
import { isComplete } from './isComplete';
import { journalFileName } from './journal';
import {
  manifestFileName,
  PreparedManifest,
  storedEmbedding,
  weightFilesOf,
  type PreparedIdentity,
} from './preparedManifest';

export type PreparedFolder = { folder: string; manifest: PreparedManifest };

type Wanted = {
  /** What of an identity matters: weights that an older engine made are still weights. */
  readonly identity: Partial<PreparedIdentity>;
  /** Of the model; null where the folder is all that is known of it. */
  readonly config: QwenConfig | null;
};

/** A folder's manifest, or null when there are not all weights in it of what is wanted. The graph is looked at by `readGraph`. */
export async function readPrepared(folder: string, wanted: Wanted): Promise<PreparedFolder | null> {
  try {
    const json = (await readRegularFile(path.join(folder, manifestFileName))).toString('utf8');
    const manifest = PreparedManifest.parse(JSON.parse(json));
    const { identity } = manifest;
    if (JSON.stringify({ ...identity, ...wanted.identity }) !== JSON.stringify(identity)) return null;
    const config = wanted.config ?? manifest.graph?.config ?? null;
    if (config !== null && !isComplete(manifest, config)) return null;
    for (const [file, { byteLength }] of Object.entries(weightFilesOf(manifest)))
      if (!(await isFileOf(path.join(folder, file), byteLength))) return null;
    await rm(path.join(folder, journalFileName), { force: true }); // left by a kill after the manifest was written
    return { folder, manifest };
  } catch {
    return null; // absent, half deleted or of another layout: it is made anew in any case
  }
}

/** A link is none: ONNX Runtime reads no weights outside of their folder. */
async function isFileOf(file: string, byteLength: number): Promise<boolean> {
  const found = await lstat(file);
  return found.isFile() && found.size === byteLength;
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
