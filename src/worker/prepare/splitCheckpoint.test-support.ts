import { copyFile, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { openCheckpoint, readTensor, type ArrivingCheckpoint } from '../checkpoint/checkpoint';
import type { ArrivedTensor } from './arrivingJobs';

/** A checkpoint as a download has it that keeps no shards. */
export type SplitCheckpoint = ArrivingCheckpoint & { readonly parts: readonly ArrivedTensor[] };

/** Writes the small files of a checkpoint into `folder`, and beside them the header of each shard and each tensor in a file
 *  of its own, somewhere behind other bytes. */
export async function splitCheckpoint(source: string, folder: string): Promise<SplitCheckpoint> {
  await mkdir(folder, { recursive: true });
  const names = await readdir(source);
  for (const name of names.filter((candidate) => candidate.endsWith('.json')))
    await copyFile(path.join(source, name), path.join(folder, name));
  const shardNames = names.filter((name) => name.endsWith('.safetensors'));
  const shards = shardNames.map(async (name) => {
    const bytes = await readFile(path.join(source, name));
    const headerFile = path.join(folder, `${name}.header`);
    await writeFile(headerFile, bytes.subarray(0, 8 + Number(bytes.readBigUInt64LE())));
    return { name, bytes: (await stat(path.join(source, name))).size, headerFile };
  });
  const { tensors } = await openCheckpoint(source);
  const parts = [...tensors.values()].map(async (tensor, index) => {
    const file = path.join(folder, `${tensor.name}.part`);
    await writeFile(file, Buffer.concat([Buffer.alloc(index), await readTensor(tensor)]));
    return { name: tensor.name, file, offset: index };
  });
  return { folder, shards: await Promise.all(shards), parts: await Promise.all(parts) };
}
