import { open, rename } from 'node:fs/promises';
import { floatToHalf } from '../src/worker/checkpoint/dtype';
import type { QwenConfig } from '../src/worker/checkpoint/qwenConfig';
import { seededRandom } from '../src/worker/sampling/seededRandom';

/** GGUF tensor types: weights a block, bytes a block, and where a block's float16 scales lie. Source: ggml-common.h. */
const tensorTypes = {
  F32: { id: 0, weights: 1, bytes: 4, scaleAt: 0, scale: 0 },
  Q4_0: { id: 2, weights: 32, bytes: 18, scaleAt: 0, scale: 0.02 / 4.6 },
  Q8_0: { id: 8, weights: 32, bytes: 34, scaleAt: 0, scale: 0.02 / 74 },
  Q6_K: { id: 14, weights: 256, bytes: 210, scaleAt: 208, scale: 0.02 / 18 / 74 },
} as const;

export type GgufPrecision = 'Q4_0' | 'Q8_0';
type TensorType = keyof typeof tensorTypes;
type GgufTensor = { name: string; shape: readonly number[]; type: TensorType };

const alignment = 32;

/** Writes a GGUF file of llama.cpp's architecture `qwen` with seeded random weights. As llama.cpp's own quantizer does, Q4_0 keeps the output
 *  matrix in Q6_K. The vocabulary is made up: both engines are given ids. Source: ggml's docs/gguf.md. */
export async function writeRandomGguf(file: string, config: QwenConfig, precision: GgufPrecision): Promise<void> {
  const tensors = ggufTensors(config, precision);
  const handle = await open(`${file}.unfinished`, 'w');
  try {
    const header = ggufHeader(config, tensors);
    await handle.write(header, 0, header.byteLength, 0);
    let position = header.byteLength;
    for (const tensor of tensors) {
      const pool = randomBlocks(tensor.type);
      const size = byteLength(tensor);
      for (let written = 0; written < size; written += pool.byteLength)
        await handle.write(pool, 0, Math.min(pool.byteLength, size - written), position + written);
      position += aligned(size);
    }
    await handle.truncate(position);
  } finally {
    await handle.close();
  }
  await rename(`${file}.unfinished`, file);
}

/** All but the embedding, of which a token needs one row. */
export const ggufBytesOfToken = (config: QwenConfig, precision: GgufPrecision): number =>
  ggufTensors(config, precision)
    .filter(({ name }) => name !== 'token_embd.weight')
    .reduce((sum, tensor) => sum + byteLength(tensor), 0);

const aligned = (bytes: number): number => Math.ceil(bytes / alignment) * alignment;

function byteLength({ shape, type }: GgufTensor): number {
  const { weights, bytes } = tensorTypes[type];
  return (shape.reduce((a, b) => a * b) / weights) * bytes;
}

/** Shapes are ggml's: the inner dimension first. */
function ggufTensors(config: QwenConfig, type: GgufPrecision): GgufTensor[] {
  const { layers, hiddenSize: h, feedForwardSize: f, vocabularySize: v } = config;
  const block = (layer: number): GgufTensor[] => {
    const name = (part: string) => `blk.${layer}.${part}`;
    return [
      { name: name('attn_norm.weight'), shape: [h], type: 'F32' },
      { name: name('attn_qkv.weight'), shape: [h, 3 * h], type },
      { name: name('attn_qkv.bias'), shape: [3 * h], type: 'F32' },
      { name: name('attn_output.weight'), shape: [h, h], type },
      { name: name('ffn_norm.weight'), shape: [h], type: 'F32' },
      { name: name('ffn_gate.weight'), shape: [h, f], type },
      { name: name('ffn_up.weight'), shape: [h, f], type },
      { name: name('ffn_down.weight'), shape: [f, h], type },
    ];
  };
  return [
    { name: 'token_embd.weight', shape: [h, v], type },
    { name: 'output_norm.weight', shape: [h], type: 'F32' },
    { name: 'output.weight', shape: [h, v], type: type === 'Q4_0' ? 'Q6_K' : type },
    ...Array.from({ length: layers }, (_, layer) => block(layer)).flat(),
  ];
}

/** Some megabytes of blocks with random codes and scales that give weights of a deviation of 0.02; floats are around 1. */
function randomBlocks(type: TensorType): Uint8Array {
  const { bytes, scaleAt, scale } = tensorTypes[type];
  const random = seededRandom(7);
  if (type === 'F32') return new Uint8Array(new Float32Array(2 ** 16).map(() => 0.75 + random() / 2).buffer);
  const blocks = new Uint8Array(2 ** 14 * bytes).map(() => random() * 256);
  const view = new DataView(blocks.buffer);
  for (let at = scaleAt; at < blocks.length; at += bytes)
    view.setUint16(at, floatToHalf(scale * (0.75 + random() / 2)), true);
  return blocks;
}

function ggufHeader(config: QwenConfig, tensors: readonly GgufTensor[]): Buffer {
  const entries = [
    text('general.architecture', 'qwen'),
    uint32('general.alignment', alignment),
    uint32('qwen.block_count', config.layers),
    uint32('qwen.context_length', config.maxPositions),
    uint32('qwen.embedding_length', config.hiddenSize),
    uint32('qwen.feed_forward_length', 2 * config.feedForwardSize),
    uint32('qwen.attention.head_count', config.heads),
    uint32('qwen.rope.dimension_count', config.headSize),
    uint32('qwen.vocab_size', config.vocabularySize),
    float32('qwen.rope.freq_base', config.rotaryBase),
    float32('qwen.attention.layer_norm_rms_epsilon', config.normEpsilon),
    text('tokenizer.ggml.model', 'gpt2'),
    text('tokenizer.ggml.pre', 'qwen2'),
    strings(
      'tokenizer.ggml.tokens',
      Array.from({ length: config.vocabularySize }, (_, id) => `t${id}`),
    ),
    strings('tokenizer.ggml.merges', ['t 1']),
  ];
  let offset = 0;
  const descriptions = tensors.map((tensor) => {
    const { name, shape, type } = tensor;
    const description = [string(name), u32(shape.length), ...shape.map(u64), u32(tensorTypes[type].id), u64(offset)];
    offset += aligned(byteLength(tensor));
    return Buffer.concat(description);
  });
  const magic = Buffer.from('GGUF');
  const header = Buffer.concat([
    ...[magic, u32(3), u64(tensors.length), u64(entries.length)],
    ...entries,
    ...descriptions,
  ]);
  return Buffer.concat([header, Buffer.alloc(aligned(header.byteLength) - header.byteLength)]);
}

const number = (size: 4 | 8, write: (buffer: Buffer) => void): Buffer => {
  const buffer = Buffer.alloc(size);
  write(buffer);
  return buffer;
};
const u32 = (value: number) => number(4, (buffer) => buffer.writeUInt32LE(value));
const u64 = (value: number) => number(8, (buffer) => buffer.writeBigUInt64LE(BigInt(value)));
const string = (value: string) => Buffer.concat([u64(Buffer.byteLength(value)), Buffer.from(value)]);

/** Metadata: key, type (4 uint32, 6 float32, 8 string, 9 array), value. */
const uint32 = (key: string, value: number) => Buffer.concat([string(key), u32(4), u32(value)]);
const float32 = (key: string, value: number) =>
  Buffer.concat([string(key), u32(6), number(4, (buffer) => buffer.writeFloatLE(value))]);
const text = (key: string, value: string) => Buffer.concat([string(key), u32(8), string(value)]);
const strings = (key: string, values: readonly string[]) =>
  Buffer.concat([string(key), u32(9), u32(8), u64(values.length), ...values.map(string)]);
