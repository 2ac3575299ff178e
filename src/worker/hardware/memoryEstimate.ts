import type { Device, Precision } from '../../shared/precision';

/** The numbers of a Qwen that its memory follows from. */
export type ModelShape = {
  readonly layers: number;
  readonly hiddenSize: number;
  /** Rows of w1 and of w2. */
  readonly feedForwardSize: number;
  readonly vocabularySize: number;
};

export const qwen7bShape: ModelShape = {
  layers: 32,
  hiddenSize: 4096,
  feedForwardSize: 11_008,
  vocabularySize: 151_936,
};

export type ModelSetup = { shape: ModelShape; precision: Precision; device: Device; contextLength: number };

/** Bytes of weights, of the keys and values of a full context, and of what a step computes with. The embedding stays on disk. */
export function estimatePeakBytes({ shape, precision, device, contextLength }: ModelSetup): number {
  const { layers, hiddenSize, feedForwardSize, vocabularySize } = shape;
  const floatBytes = device === 'gpu' ? 2 : 4;
  const linears = layers * hiddenSize * (4 * hiddenSize + 3 * feedForwardSize);
  const head = vocabularySize * hiddenSize;
  // lm_head keeps 8 bits where the layers have 4.
  const headPrecision = precision === 'bf16' ? 'bf16' : 'int8';
  const weights = linears * bytesPerWeight(precision, floatBytes) + head * bytesPerWeight(headPrecision, floatBytes);
  const cache = 2 * layers * hiddenSize * contextLength * floatBytes;
  return Math.ceil(weights + cache + workspaceBytes);
}

/** Activations of a prefill chunk and the buffers that ONNX Runtime keeps for reuse. */
const workspaceBytes = 512 * 2 ** 20;

/** A code, and its share of the scale of a block: 64 weights for nf4, 32 for the others. */
function bytesPerWeight(precision: Precision, floatBytes: number): number {
  switch (precision) {
    case 'bf16':
      return floatBytes;
    case 'int8':
      return 1 + floatBytes / 32;
    case 'nf4':
      return 0.5 + floatBytes / 64;
    case 'int4':
      return 0.5 + floatBytes / 32;
    default:
      return precision satisfies never;
  }
}
