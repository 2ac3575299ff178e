import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { AppError } from '../../shared/appError';
import type { ModelShape } from '../../shared/verdict';
import { QwenTokenizer } from '../tokenizer/qwenTokenizer';
import { vocabularyFile } from '../tokenizer/vocabulary';
import { indexFile, openCheckpoint, readWeightMap, shardsOf, singleShard } from './checkpoint';
import { generationConfigFile, readGenerationConfig } from './generationConfig';
import { configFile } from './qwenConfig';

/** What a checkpoint folder holds: the files that are needed of it, and no others. */
export type InspectedFolder = {
  readonly shape: ModelShape;
  readonly files: readonly { readonly path: string; readonly bytes: number }[];
};

/** Reads all of a checkpoint folder but its weights. Throws `model.notFound` where there is nothing of a model,
 *  `checkpoint.missingFile` with the names of all files that are missing, or a code that names what is damaged. */
export async function inspectFolder(folder: string): Promise<InspectedFolder> {
  const there = await readNames(folder);
  const needed = [configFile, vocabularyFile, ...(await weightFiles(folder, there))];
  const missing = needed.filter((name) => !there.has(name));
  if (missing.length === needed.length) throw new AppError('model.notFound', { path: folder });
  if (missing.length > 0) throw new AppError('checkpoint.missingFile', { file: missing.join(', ') });
  const { config } = await openCheckpoint(folder);
  await QwenTokenizer.openFor(config, folder);
  await readGenerationConfig(folder);
  const { layers, hiddenSize, heads, feedForwardSize, vocabularySize } = config;
  const names = there.has(generationConfigFile) ? [...needed, generationConfigFile] : needed;
  const files = names.map(async (name) => ({ path: name, bytes: (await stat(path.join(folder, name))).size }));
  return { shape: { layers, hiddenSize, heads, feedForwardSize, vocabularySize }, files: await Promise.all(files) };
}

async function readNames(folder: string): Promise<ReadonlySet<string>> {
  try {
    return new Set(await readdir(folder));
  } catch (error) {
    throw new AppError('model.notFound', { path: folder }, { cause: error });
  }
}

const numberedShard = /^model-\d{5}-of-(\d{5})\.safetensors$/;

/** The shards and their index, whether they are there or not. */
async function weightFiles(folder: string, there: ReadonlySet<string>): Promise<string[]> {
  const weightMap = await readWeightMap(folder);
  if (weightMap) return [indexFile, ...shardsOf(weightMap)];
  const count = [...there].map((name) => numberedShard.exec(name)?.[1]).find((digits) => digits !== undefined);
  if (count === undefined || there.has(singleShard)) return [singleShard];
  const number = (index: number) => String(index + 1).padStart(5, '0');
  const shards = Array.from({ length: Number(count) }, (_, index) => `model-${number(index)}-of-${count}.safetensors`);
  return [indexFile, ...shards];
}
