import type { Device, Precision } from '../../shared/precision';
import type { ModelShape } from '../../shared/verdict';
import { blockwiseFormats } from '../quantize/blockwise';
import { nf4BlockSize } from '../quantize/nf4';
import { largestGroup } from '../runtime/headGroups';

export const qwen7bShape: ModelShape = {
  layers: 32,
  hiddenSize: 4096,
  heads: 32,
  feedForwardSize: 11_008,
  vocabularySize: 151_936,
};

export type ModelSetup = { shape: ModelShape; precision: Precision; device: Device; contextLength: number };

/** Bytes of the device that computes. */
export type MemoryEstimate = {
  /** As they lie in memory, which on the CPU is more than in the file. The embedding stays on disk. */
  weightsBytes: number;
  /** Keys and values of a full context. */
  cacheBytes: number;
  /** What a prefill chunk computes with, and buffers that wait to be used again. */
  workspaceBytes: number;
  /** Of all together, or of opening the model where that takes more. */
  peakBytes: number;
};

const mebibyte = 2 ** 20;

/** Predicts the memory of a model. The CPU's numbers are held against real sessions by measuredMemory.test.ts. */
export function estimateMemory(setup: ModelSetup): MemoryEstimate {
  const { shape, precision, device, contextLength } = setup;
  const { layers, hiddenSize, feedForwardSize, vocabularySize } = shape;
  const linears = layers * hiddenSize * (4 * hiddenSize + 3 * feedForwardSize);
  const head = vocabularySize * hiddenSize;
  const vectors = layers * 5 * hiddenSize + hiddenSize;
  const weightsBytes =
    linears * bytesPerWeight(precision, device) +
    head * bytesPerWeight(headPrecision(precision), device) +
    vectors * floatBytes(device);
  const cacheBytes = 2 * layers * hiddenSize * contextLength * cacheNumberBytes(precision, device);
  const workspaceBytes = device === 'gpu' ? gpuWorkspace(setup) : cpuWorkspace(setup, cacheBytes);
  const peakBytes = weightsBytes + Math.max(cacheBytes + workspaceBytes, openingBytes(setup));
  return { weightsBytes, cacheBytes, workspaceBytes, peakBytes };
}

const floatBytes = (device: Device): number => (device === 'gpu' ? 2 : 4);

/** Keys and values are float16 beside quantized weights on the CPU, too: `cpuCacheType`. */
const cacheNumberBytes = (precision: Precision, device: Device): number =>
  precision === 'bf16' ? floatBytes(device) : 2;

/** lm_head keeps 8 bits where the layers have 4. */
const headPrecision = (precision: Precision): Precision => (precision === 'bf16' ? 'bf16' : 'int8');

/** A code and its share of the scale of a block. MLAS packs codes, scales and the sums of blocks, and the scales in the file are
 *  needed beside them. */
function bytesPerWeight(precision: Precision, device: Device): number {
  const floatType = device === 'gpu' ? 'float16' : 'float32';
  const scales = (blockSize: number) => ((device === 'gpu' ? 1 : 3) * floatBytes(device)) / blockSize;
  switch (precision) {
    case 'bf16':
      return floatBytes(device);
    case 'int8':
      return 1 + scales(blockwiseFormats[floatType].int8.blockSize);
    case 'nf4':
      return 0.5 + floatBytes(device) / nf4BlockSize;
    case 'int4':
      return 0.5 + scales(blockwiseFormats[floatType].int4.blockSize);
    default:
      return precision satisfies never;
  }
}

/** Opening packs one matrix after another: its values in float32, or its codes, exist twice. */
function openingBytes({ shape, precision, device }: ModelSetup): number {
  if (device === 'gpu') return 0; // what is uploaded waits in the computer's own memory
  const { hiddenSize, feedForwardSize, vocabularySize } = shape;
  const largestLayerMatrix = hiddenSize * Math.max(3 * hiddenSize, feedForwardSize);
  const head = hiddenSize * vocabularySize;
  return precision === 'bf16' ? 4 * Math.max(largestLayerMatrix, head) : head;
}

/** Activations of a chunk of 256 tokens, two copies of one cache buffer while it grows, and what the buffer pool keeps. */
function gpuWorkspace({ shape, contextLength }: ModelSetup): number {
  const { hiddenSize, feedForwardSize } = shape;
  const activations = 2 * 256 * (5 * feedForwardSize + 8 * hiddenSize);
  const growing = 2 * 2 * hiddenSize * contextLength;
  return activations + growing + 128 * mebibyte;
}

/** A session's nodes, kernels and arenas, as measured on the demo model: 4 MB of 30 there, 21 MB of Qwen-7B's gigabytes. */
const sessionBytesPerLayer = 0.65e6;

/** Activations of a chunk of 64 tokens, its attention scores in five stages, cached rows that become float32, and what garbage
 *  collection has not yet freed of keys and values. MatMulBnb4 expands its whole matrix, and the arena holds two sizes of them. */
function cpuWorkspace({ shape, precision, contextLength }: ModelSetup, cacheBytes: number): number {
  const { layers, hiddenSize, heads, feedForwardSize } = shape;
  const session = layers * sessionBytesPerLayer;
  const activations = 4 * 64 * (3 * feedForwardSize + 4 * hiddenSize);
  const scores = 5 * 4 * 64 * heads * contextLength;
  const widened = precision === 'bf16' ? 0 : 4 * largestGroup * (hiddenSize / heads);
  const expanded = precision === 'nf4' ? 4 * hiddenSize * (3 * hiddenSize + feedForwardSize) : 0;
  return session + activations + scores + widened + expanded + Math.min(128 * mebibyte, cacheBytes);
}
