import { rm, stat } from 'node:fs/promises';
import path from 'node:path';
import type { QwenConfig } from '../checkpoint/qwenConfig';
import { embeddingTensor } from '../checkpoint/qwenTensors';
import { readRegularFile } from '../checkpoint/regularFile';
import type { StoredTensor } from '../checkpoint/safetensors';
import { journalFileName } from './journal';
import {
  manifestFileName,
  PreparedManifest,
  storedEmbedding,
  weightFilesOf,
  type PreparedIdentity,
} from './preparedManifest';

export type PreparedFolder = { folder: string; manifest: PreparedManifest };

/** A folder's manifest, or null when there are not all weights in it, of an identity with what is wanted: those that an older engine
 *  made are still weights. The graph is looked at by `readGraph`. */
export async function readPrepared(folder: string, wanted: Partial<PreparedIdentity>): Promise<PreparedFolder | null> {
  try {
    const json = (await readRegularFile(path.join(folder, manifestFileName))).toString('utf8');
    const manifest = PreparedManifest.parse(JSON.parse(json));
    const { identity } = manifest;
    if (JSON.stringify({ ...identity, ...wanted }) !== JSON.stringify(identity)) return null;
    for (const [file, { byteLength }] of Object.entries(weightFilesOf(manifest)))
      if ((await stat(path.join(folder, file))).size !== byteLength) return null;
    await rm(path.join(folder, journalFileName), { force: true }); // left by a kill after the manifest was written
    return { folder, manifest };
  } catch {
    return null; // absent, half deleted or of another layout: it is made anew in any case
  }
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
