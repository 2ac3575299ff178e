import { expect, test } from 'vitest';
import { qwen7bShape } from './memoryEstimate';
import { largestTensorBytes, preparedBytes } from './preparedBytes';

// Qwen-7B: weights of the layers 6,476,005,376, of lm_head and of the embedding 622,329,856 each, norms and biases 659,456.
const embedding = 2 * 622_329_856;
/** model.onnx: 190 to 195 kB of nodes as measured, and on a GPU cos and sin of 8,192 positions, 64 each, in 16 bits. */
const graph = { cpu: 32 * 6144, gpu: 32 * 6144 + 2 * 8192 * 64 * 2 };

// Codes and scales, norms and biases; and where the originals are let go, the embedding in 16 bits.
test.each([
  ['bf16', 'gpu', 2 * 7_098_335_232 + 2 * 659_456],
  ['int8', 'gpu', 1.0625 * 7_098_335_232 + 2 * 659_456],
  ['nf4', 'gpu', 0.53125 * 6_476_005_376 + 1.0625 * 622_329_856 + 2 * 659_456],
  ['int8', 'cpu', 1.03125 * 7_098_335_232 + 4 * 659_456],
  ['int4', 'cpu', 0.53125 * 6_476_005_376 + 1.03125 * 622_329_856 + 4 * 659_456],
] as const)('%s for the %s takes %d bytes of weights on the disk, and the graph', (precision, device, weights) => {
  const besideShards = weights + graph[device];
  const predicted = preparedBytes({ shape: qwen7bShape, precision, device });
  expect(predicted).toEqual({ besideShards, alone: besideShards + embedding });
});

test('BF16 for the CPU is the originals themselves, or a copy of what it needs of them', () => {
  expect(preparedBytes({ shape: qwen7bShape, precision: 'bf16', device: 'cpu' })).toEqual({
    besideShards: graph.cpu,
    alone: 2 * 7_098_335_232 + 2 * 659_456 + embedding + graph.cpu,
  });
});

test('the embedding is as large as any tensor', () => {
  expect(largestTensorBytes(qwen7bShape)).toBe(embedding);
});
