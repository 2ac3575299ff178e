import { createHash } from 'node:crypto';
import { open, readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { AppError } from '../../shared/appError';
import { configFile, readQwenConfig, type QwenConfig } from './qwenConfig';
import { expectedTensors } from './qwenTensors';
import { codeOf, readRegularFile } from './regularFile';
import {
  isDtype,
  readArrivingHeader,
  readSafetensorsHeader,
  type HeaderTensor,
  type StoredTensor,
} from './safetensors';

/** A checkpoint in Hugging Face layout whose files were found whole and fit each other. */
export type Checkpoint = {
  readonly folder: string;
  readonly config: QwenConfig;
  /** Every tensor of `expectedTensors`, and no other. */
  readonly tensors: ReadonlyMap<string, StoredTensor>;
  /** Changes when any weight file is replaced; prepared weights follow from it. */
  readonly fingerprint: string;
};

export const indexFile = 'model.safetensors.index.json';
/** The weights of a checkpoint without an index. */
export const singleShard = 'model.safetensors';

/** Opens a checkpoint without reading any weights. `fingerprint` names what is known to be in it, wherever it lies. Throws an
 *  AppError that names the file and what is wrong with it. */
export async function openCheckpoint(folder: string, fingerprint: string | null = null): Promise<Checkpoint> {
  const config = await readQwenConfig(folder);
  const headers = await readAllHeaders(folder, (shard) => readSafetensorsHeader(path.join(folder, shard)));
  const tensors = checkTensors(config, headers);
  return { folder, config, tensors, fingerprint: fingerprint ?? (await fingerprintOf(folder, tensors)) };
}

/** A shard that is being fetched: its final size, and a file that has its first bytes already. */
export type ArrivingShard = { readonly name: string; readonly bytes: number; readonly headerFile: string };

export type ArrivingCheckpoint = { readonly folder: string; readonly shards: readonly ArrivingShard[] };

/** What a checkpoint will be when it is there: each of `tensors` in the shard that will lie in the folder, and all that the
 *  shards hold, as they follow each other. Throws like `openCheckpoint`. */
export async function layOutCheckpoint({ folder, shards }: ArrivingCheckpoint): Promise<{
  config: QwenConfig;
  tensors: ReadonlyMap<string, StoredTensor>;
  inShards: readonly HeaderTensor[];
}> {
  const config = await readQwenConfig(folder);
  const headers = await readAllHeaders(folder, (name) => {
    const shard = shards.find((candidate) => candidate.name === name);
    if (!shard) throw new AppError('checkpoint.missingFile', { file: name });
    return readArrivingHeader({ file: path.join(folder, name), headerFile: shard.headerFile, size: shard.bytes });
  });
  return { config, tensors: checkTensors(config, headers), inShards: headers.inShards };
}

/** The tensor's bytes as they are stored. */
export async function readTensor({ shard, file, offset, byteLength }: StoredTensor): Promise<Uint8Array> {
  const handle = await open(file, 'r');
  try {
    const bytes = new Uint8Array(byteLength);
    const { bytesRead } = await handle.read(bytes, 0, byteLength, offset);
    if (bytesRead !== byteLength)
      throw new AppError('checkpoint.invalidShard', { file: shard, reason: 'it ends too early' });
    return bytes;
  } finally {
    await handle.close();
  }
}

const Index = z.object({ weight_map: z.record(z.string(), z.string()) });

/** What the index says, if there is one, and what the shards say. */
type Headers = { weightMap: WeightMap | null; inShards: readonly HeaderTensor[] };

async function readAllHeaders(
  folder: string,
  readHeader: (shard: string) => Promise<HeaderTensor[]>,
): Promise<Headers> {
  const weightMap = await readWeightMap(folder);
  const headers: HeaderTensor[][] = [];
  for (const shard of weightMap ? shardsOf(weightMap) : [await shardWithoutIndex(folder)])
    headers.push((await readHeader(shard)).sort((a, b) => a.offset - b.offset));
  return { weightMap, inShards: headers.flat() };
}

/** The only shard; where there are others instead, the index is what is missing. Throws `checkpoint.missingFile`. */
async function shardWithoutIndex(folder: string): Promise<string> {
  const names = await readdir(folder).catch((): string[] => []); // not to be listed: the shard is asked for by its name
  if (!names.includes(singleShard) && names.some((name) => name.endsWith('.safetensors')))
    throw new AppError('checkpoint.missingFile', { file: indexFile });
  return singleShard;
}

/** Tensor → shard. */
type WeightMap = Readonly<Record<string, string>>;

export const shardsOf = (weightMap: WeightMap): string[] => [...new Set(Object.values(weightMap))].sort();

/** Null when the checkpoint is one file without an index. Throws `checkpoint.invalidShard` or `checkpoint.unreadable`. */
export async function readWeightMap(folder: string): Promise<WeightMap | null> {
  const invalid = (reason: string, cause?: unknown) =>
    new AppError('checkpoint.invalidShard', { file: indexFile, reason }, { cause });
  const bytes = await readRegularFile(path.join(folder, indexFile)).catch((error: unknown) => {
    const code = codeOf(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') return null;
    throw new AppError('checkpoint.unreadable', { file: indexFile, reason: code }, { cause: error });
  });
  if (bytes === null) return null; // then model.safetensors must be there, and its absence is reported by name
  let json: unknown;
  try {
    json = JSON.parse(bytes.toString('utf8'));
  } catch (error) {
    throw invalid('it is not JSON', error);
  }
  const index = Index.safeParse(json);
  if (!index.success) throw invalid('it has no weight_map');
  for (const shard of Object.values(index.data.weight_map))
    if (shard !== path.basename(shard) || !shard.endsWith('.safetensors')) throw invalid(`it names the file ${shard}`);
  return index.data.weight_map;
}

function checkTensors(config: QwenConfig, { weightMap, inShards }: Headers): Map<string, StoredTensor> {
  requireNoMoreLayers(config, inShards);
  const found = new Map(inShards.map((tensor) => [tensor.name, tensor]));
  const expected = expectedTensors(config);
  for (const { name } of expected) {
    const file = weightMap === null ? singleShard : (weightMap[name] ?? indexFile);
    if (file === indexFile || !found.has(name)) throw new AppError('checkpoint.missingTensor', { tensor: name, file });
  }
  if (weightMap) requireIndexed(inShards, weightMap, new Set(expected.map(({ name }) => name)));
  return new Map(expected.map(({ name, shape }) => [name, checkTensor(found.get(name)!, { name, shape })]));
}

/** A model without its last layers computes something, and nobody would know what is wrong. */
function requireNoMoreLayers({ layers }: QwenConfig, inShards: readonly HeaderTensor[]): void {
  const layerOf = ({ name }: HeaderTensor) => Number(/^transformer\.h\.(\d+)\./.exec(name)?.[1] ?? 0);
  const beyond = inShards.find((tensor) => layerOf(tensor) >= layers);
  if (!beyond) return;
  const reason = `num_hidden_layers is ${layers}, but ${beyond.shard} holds ${beyond.name}`;
  throw new AppError('checkpoint.invalidConfig', { reason });
}

/** Of a tensor that lies in two shards, or in another one than the index says, nobody knows which is right. */
function requireIndexed(inShards: readonly HeaderTensor[], weightMap: WeightMap, names: ReadonlySet<string>): void {
  for (const { name, shard } of inShards)
    if (names.has(name) && weightMap[name] !== shard)
      throw new AppError('checkpoint.invalidShard', {
        file: shard,
        reason: `it holds ${name}, which ${indexFile} places in ${weightMap[name]}`,
      });
}

function checkTensor(tensor: HeaderTensor, { name, shape }: { name: string; shape: readonly number[] }): StoredTensor {
  const { dtype, shard: file } = tensor;
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
  hash.update(await readFile(path.join(folder, configFile)));
  for (const tensor of tensors.values()) hash.update(JSON.stringify({ ...tensor, file: path.resolve(tensor.file) }));
  for (const file of new Set([...tensors.values()].map((tensor) => tensor.file))) {
    const { size, mtimeMs, ino } = await stat(file);
    hash.update(JSON.stringify([size, mtimeMs, ino]));
  }
  return hash.digest('hex').slice(0, 16);
}
