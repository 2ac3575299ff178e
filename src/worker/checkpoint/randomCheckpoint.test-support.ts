import { mkdir, open, writeFile, type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import { seededRandom } from '../sampling/seededRandom';
import { parseQwenConfig } from './qwenConfig';
import { expectedTensors, type ExpectedTensor } from './qwenTensors';

export type Shape = {
  readonly layers: number;
  readonly hiddenSize: number;
  readonly feedForwardSize: number;
  readonly vocabularySize: number;
};

type Options = {
  /** Tensors whose bytes are holes in the file, read as zeros: they take no time and no disk. */
  readonly isHole?: (tensor: ExpectedTensor) => boolean;
};

const headSize = 64;

const configOf = ({ layers, hiddenSize, feedForwardSize, vocabularySize }: Shape) => ({
  architectures: ['QWenLMHeadModel'],
  model_type: 'qwen',
  hidden_size: hiddenSize,
  num_hidden_layers: layers,
  num_attention_heads: hiddenSize / headSize,
  kv_channels: headSize,
  intermediate_size: 2 * feedForwardSize,
  vocab_size: vocabularySize,
  seq_length: 512,
  max_position_embeddings: 2048,
  rotary_emb_base: 10_000,
  rotary_pct: 1,
  layer_norm_epsilon: 1e-6,
  no_bias: true,
  use_dynamic_ntk: true,
  use_logn_attn: true,
  tie_word_embeddings: false,
});

/** Writes a bfloat16 checkpoint of any size with seeded weights, distributed like a model's. The embedding has a shard of
 *  its own. Tensors differ from each other, though their numbers come from one pool. */
export async function writeRandomCheckpoint(folder: string, shape: Shape, { isHole }: Options = {}): Promise<void> {
  const config = configOf(shape);
  const tensors = expectedTensors(parseQwenConfig(config));
  await mkdir(folder, { recursive: true });
  await writeFile(path.join(folder, 'config.json'), JSON.stringify(config));
  const shards = {
    'model-00001-of-00002.safetensors': tensors.filter(({ kind }) => kind === 'embedding'),
    'model-00002-of-00002.safetensors': tensors.filter(({ kind }) => kind !== 'embedding'),
  };
  const map = Object.entries(shards).flatMap(([file, inFile]) => inFile.map(({ name }) => [name, file]));
  const index = { weight_map: Object.fromEntries(map) as unknown };
  await writeFile(path.join(folder, 'model.safetensors.index.json'), JSON.stringify(index));
  for (const [file, inFile] of Object.entries(shards))
    await writeShard(path.join(folder, file), inFile, (tensor) => isHole?.(tensor) ?? false);
}

const bytesOf = ({ shape }: ExpectedTensor): number => 2 * shape.reduce((a, b) => a * b);

async function writeShard(
  file: string,
  tensors: readonly ExpectedTensor[],
  isHole: (tensor: ExpectedTensor) => boolean,
): Promise<void> {
  const header: Record<string, unknown> = {};
  let end = 0;
  for (const tensor of tensors)
    header[tensor.name] = { dtype: 'BF16', shape: tensor.shape, data_offsets: [end, (end += bytesOf(tensor))] };
  const json = Buffer.from(JSON.stringify(header).padEnd(Math.ceil(JSON.stringify(header).length / 8) * 8));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(json.length));
  const handle = await open(file, 'w');
  try {
    await handle.write(Buffer.concat([length, json]), 0, 8 + json.length, 0);
    await handle.truncate(8 + json.length + end);
    let position = 8 + json.length;
    for (const [i, tensor] of tensors.entries()) {
      if (!isHole(tensor)) await writeWeights(handle, { position, byteLength: bytesOf(tensor), start: i * 7919 });
      position += bytesOf(tensor);
    }
  } finally {
    await handle.close();
  }
}

type Place = { position: number; byteLength: number; start: number };

async function writeWeights(handle: FileHandle, { position, byteLength, start }: Place): Promise<void> {
  const pool = weightPool();
  let at = (start * 2) % pool.length;
  for (let written = 0; written < byteLength;) {
    const count = Math.min(byteLength - written, pool.length - at);
    await handle.write(pool, at, count, position + written);
    written += count;
    at = (at + count + 2 * 104_729) % pool.length;
  }
}

let pool: Buffer | undefined;

/** Four million numbers, about normally distributed with a deviation of 0.02, as bfloat16. */
function weightPool(): Buffer {
  if (pool) return pool;
  const random = seededRandom(20_230_925);
  const normal = () => 0.02 * (random() + random() + random() + random() - 2) * Math.sqrt(3);
  const floats = new Uint16Array(Float32Array.from({ length: 1 << 22 }, normal).buffer);
  pool = Buffer.alloc(floats.length);
  for (let i = 0; i < floats.length / 2; i++) pool.writeUInt16LE(floats[2 * i + 1]!, 2 * i);
  return pool;
}
