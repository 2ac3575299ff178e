import { createHash } from 'node:crypto';
import { access, open, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { AppError } from '../../shared/appError';
import { readQwenConfig, type QwenConfig } from './qwenConfig';
import { expectedTensors } from './qwenTensors';
import { isDtype, readSafetensorsHeader, type HeaderTensor, type StoredTensor } from './safetensors';

/** A checkpoint folder in Hugging Face layout whose files were found whole and fit each other. */
export type Checkpoint = {
  readonly folder: string;
  readonly config: QwenConfig;
  /** Every tensor of `expectedTensors`, and no other. */
  readonly tensors: ReadonlyMap<string, StoredTensor>;
  /** Changes when any weight file is replaced; names prepared files. */
  readonly fingerprint: string;
};

/** Opens a checkpoint without reading any weights. Throws an AppError that names the file and what is wrong with it. */
export async function openCheckpoint(folder: string): Promise<Checkpoint> {
  const config = await readQwenConfig(folder);
  const stored = await readAllHeaders(folder);
  const tensors = new Map(
    expectedTensors(config).map(({ name, shape }) => [name, checkTensor(stored.get(name), { name, shape })]),
  );
  return { folder, config, tensors, fingerprint: await fingerprintOf(folder, tensors) };
}

/** The tensor's bytes as they are stored. */
export async function readTensor({ file, offset, byteLength }: StoredTensor): Promise<Uint8Array> {
  const handle = await open(file, 'r');
  try {
    const bytes = new Uint8Array(byteLength);
    const { bytesRead } = await handle.read(bytes, 0, byteLength, offset);
    if (bytesRead !== byteLength)
      throw new AppError('checkpoint.invalidShard', { file: path.basename(file), reason: 'it ends too early' });
    return bytes;
  } finally {
    await handle.close();
  }
}

const Index = z.object({ weight_map: z.record(z.string(), z.string()) });

async function readAllHeaders(folder: string): Promise<Map<string, HeaderTensor>> {
  const indexFile = path.join(folder, 'model.safetensors.index.json');
  const weightMap = await readWeightMap(indexFile);
  const files = weightMap ? [...new Set(Object.values(weightMap))].sort() : ['model.safetensors'];
  const tensors = new Map<string, HeaderTensor>();
  for (const file of files)
    for (const tensor of await readSafetensorsHeader(path.join(folder, file)))
      if (!weightMap || weightMap[tensor.name] === file) tensors.set(tensor.name, tensor);
  return tensors;
}

/** Tensor → shard file; null when the checkpoint is one file without an index. */
async function readWeightMap(indexFile: string): Promise<Record<string, string> | null> {
  try {
    await access(indexFile);
  } catch {
    return null; // no index: then model.safetensors must be there, and its absence is reported by name
  }
  const invalid = (reason: string) =>
    new AppError('checkpoint.invalidShard', { file: path.basename(indexFile), reason });
  let json: unknown;
  try {
    json = JSON.parse(await readFile(indexFile, 'utf8'));
  } catch {
    throw invalid('it is not JSON');
  }
  const index = Index.safeParse(json);
  if (!index.success) throw invalid('it has no weight_map');
  for (const file of Object.values(index.data.weight_map))
    if (file !== path.basename(file) || !file.endsWith('.safetensors')) throw invalid(`it names the file ${file}`);
  return index.data.weight_map;
}

function checkTensor(
  tensor: HeaderTensor | undefined,
  { name, shape }: { name: string; shape: readonly number[] },
): StoredTensor {
  if (!tensor) throw new AppError('checkpoint.missingTensor', { tensor: name });
  const { dtype } = tensor;
  const file = path.basename(tensor.file);
  if (!isDtype(dtype))
    throw new AppError('checkpoint.wrongTensor', { tensor: name, file, actual: dtype, expected: 'BF16, F16 or F32' });
  if (tensor.shape.join() !== shape.join()) {
    const [actual, expected] = [tensor.shape, shape].map((dims) => `[${dims.join(', ')}]`);
    throw new AppError('checkpoint.wrongTensor', { tensor: name, file, actual: actual!, expected: expected! });
  }
  return { ...tensor, dtype };
}

/** From the layout, size and time of the weight files: reading 15 GB to name a cache entry would be absurd. */
async function fingerprintOf(folder: string, tensors: ReadonlyMap<string, StoredTensor>): Promise<string> {
  const hash = createHash('sha256');
  hash.update(path.resolve(folder));
  hash.update(await readFile(path.join(folder, 'config.json')));
  for (const tensor of tensors.values()) hash.update(JSON.stringify(tensor));
  for (const file of new Set([...tensors.values()].map((tensor) => tensor.file))) {
    const { size, mtimeMs, ino } = await stat(file);
    hash.update(JSON.stringify([size, mtimeMs, ino]));
  }
  return hash.digest('hex').slice(0, 16);
}
