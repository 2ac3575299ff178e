import { open, type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import type { Precision } from '../../shared/precision';
import type { FloatType } from '../checkpoint/floatType';
import { embeddingTensor, expectedTensors } from '../checkpoint/qwenTensors';
import type { QwenConfig } from '../checkpoint/qwenConfig';
import type { StoredTensor } from '../checkpoint/safetensors';
import type { StoredWeight, WeightSource } from '../graph/weightSource';
import { makeFolders } from '../prepare/makeFolders';
import { engineVersion } from '../prepare/preparedManifest';
import { randomFill, type Fill } from './randomFill';
import { randomTensorParts, type TensorPart } from './randomTensorParts';

export type RandomModelOptions = {
  config: QwenConfig;
  precision: Precision;
  floatType: FloatType;
  /** Where the files stay for the next run. */
  folder: string;
  /** Told after each tensor that had to be written. */
  onProgress?: ((done: number, total: number) => void) | undefined;
};

export type RandomModel = {
  config: QwenConfig;
  weights: WeightSource;
  /** Of the weights, without the embedding. */
  weightsBytes: number;
};

/** External data must start at a page boundary to be mapped into memory. */
const alignment = 4096;
const embeddingFile = 'embedding.bin';

/** A model of any shape whose weights are seeded random numbers of a trained model's size, laid out as prepared weights are: its speed and
 *  its memory are those of the real one, and no checkpoint is needed. Layers lie in order after the head, so a file made for many layers serves
 *  few as well, and one made for few is continued. */
export async function openRandomModel(options: RandomModelOptions): Promise<RandomModel> {
  const { config, precision, floatType, folder, onProgress } = options;
  await makeFolders(folder);
  const location = `${precision}-${floatType}-${engineVersion}.bin`;
  const stored = new Map<string, StoredWeight>();
  const spans: FileSpan[] = [];
  let end = 0;
  const place = ({ byteLength, fill }: TensorPart) => {
    const offset = Math.ceil(end / alignment) * alignment;
    end = offset + byteLength;
    spans.push({ offset, byteLength, fill });
    return { location, offset, byteLength };
  };
  const tensors = expectedTensors(config);
  for (const tensor of tensors.toSorted((a, b) => Number(isInLayer(a.name)) - Number(isInLayer(b.name))))
    if (tensor.kind !== 'embedding')
      stored.set(tensor.name, randomTensorParts(tensor, { precision, floatType }, place));
  await writeMissing(path.join(folder, location), { spans, onProgress });
  const embedding = await randomEmbedding(options);
  return { config, weights: { folder, weight: (name) => stored.get(name)!, embedding }, weightsBytes: end };
}

const isInLayer = (name: string) => name.startsWith('transformer.h.');

async function randomEmbedding({ config, folder, onProgress }: RandomModelOptions): Promise<StoredTensor> {
  const { vocabularySize, hiddenSize } = config;
  const file = path.join(folder, embeddingFile);
  const byteLength = vocabularySize * hiddenSize * 2;
  await writeMissing(file, { spans: [{ offset: 0, byteLength, fill: 'bfloat16' }], onProgress });
  const shape = [vocabularySize, hiddenSize];
  return { name: embeddingTensor, shard: embeddingFile, file, dtype: 'BF16', shape, offset: 0, byteLength };
}

type FileSpan = { offset: number; byteLength: number; fill: Fill };

/** Files are written from front to back, so their size tells which spans are whole. */
async function writeMissing(
  file: string,
  { spans, onProgress }: { spans: readonly FileSpan[]; onProgress: RandomModelOptions['onProgress'] },
): Promise<void> {
  const handle = await open(file, 'a+');
  try {
    const { size } = await handle.stat();
    const total = spans.at(-1)!.offset + spans.at(-1)!.byteLength;
    if (size >= total) return;
    const missing = spans.filter(({ offset, byteLength }) => offset + byteLength > size);
    await handle.truncate(missing[0]!.offset);
    const pools = new Map<Fill, Uint8Array>();
    for (const span of missing) {
      if (!pools.has(span.fill)) pools.set(span.fill, randomFill(span.fill));
      await writeSpan(handle, span, pools.get(span.fill)!);
      onProgress?.(span.offset + span.byteLength, total);
    }
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Opened for appending: the file is made as long as the gap before the span first. Each span begins at another place of the
 *  pool, because ONNX Runtime keeps weights with equal content once. */
async function writeSpan(handle: FileHandle, { offset, byteLength }: FileSpan, pool: Uint8Array): Promise<void> {
  await handle.truncate(offset);
  let at = scattered(offset / alignment, pool.byteLength / alignment) * alignment;
  for (let written = 0; written < byteLength;) {
    const part = pool.subarray(at, Math.min(pool.byteLength, at + byteLength - written));
    await handle.write(part);
    written += part.byteLength;
    at = 0;
  }
}

/** A number below `count` that neighbours in no arithmetic row share. Source: Knuth's multiplicative hash. */
const scattered = (index: number, count: number): number =>
  Math.floor(((Math.imul(index, 2_654_435_761) >>> 0) / 2 ** 32) * count);
