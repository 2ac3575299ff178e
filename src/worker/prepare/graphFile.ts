import { createHash } from 'node:crypto';
import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { QwenConfig } from '../checkpoint/qwenConfig';
import { readRegularFile } from '../checkpoint/regularFile';
import { buildOrdinaryGraph, graphVersion } from '../graph/ordinaryGraph';
import { weightsInManifest, weightsInShards } from '../graph/weightSource';
import { replaceFile } from './durable';
import type { PlanSource } from './planFiles';
import type { PreparedFolder } from './preparedFolder';
import { graphFileName, isInShards, weightFilesOf, type PreparedManifest } from './preparedManifest';

type Weights = Pick<PreparedManifest, 'identity' | 'tensors'>;

/** The ONNX model over prepared weights. It points into the folder's own files, or where the checkpoint itself is the prepared
 *  form, into the shards. */
export function graphOf({ config, tensors }: PlanSource, weights: Weights): Uint8Array {
  const stored = isInShards(weights) ? weightsInShards(tensors) : weightsInManifest(weights);
  return buildOrdinaryGraph({ config, floatType: weights.identity.floatType, weights: stored });
}

/** Brings a graph to the disk, and returns the folder's manifest with its name. */
export async function writeGraph(
  { folder, manifest }: PreparedFolder,
  { graph, config }: { graph: Uint8Array; config: QwenConfig },
): Promise<PreparedManifest> {
  await replaceFile(path.join(folder, graphFileName), graph);
  const made = { byteLength: graph.byteLength, sha256: sha256(graph), vanishedWeights: 0 };
  const files = { ...weightFilesOf(manifest), [graphFileName]: made };
  return { ...manifest, files, graph: { version: graphVersion, config } };
}

/** A folder's graph: null where it has none, where it is damaged, and where this Deskmate would build another one of the
 *  same weights. */
export async function readGraph({ folder, manifest }: PreparedFolder, config: QwenConfig): Promise<Uint8Array | null> {
  const { files, graph } = manifest;
  const made = files[graphFileName];
  if (!made || !isDeepStrictEqual(graph, { version: graphVersion, config })) return null;
  try {
    const bytes = await readRegularFile(path.join(folder, graphFileName));
    return sha256(bytes) === made.sha256 ? bytes : null;
  } catch {
    return null; // gone, or unreadable: it can be built
  }
}

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
