import { expect, test } from 'vitest';
import { estimateMemory, qwen7bShape } from './memoryEstimate';
import { recommendPrecision } from './recommendPrecision';

const gib = 2 ** 30;
const recommend = (freeVram: readonly (number | null)[], freeRam: number, shape = qwen7bShape) =>
  recommendPrecision({
    gpus: freeVram.map((vramFree) => ({ name: 'GPU', vramTotal: null, vramFree, source: 'test' })),
    ram: { free: freeRam * gib },
    shape,
    contextLength: 2048,
  });

// Weights of the layers 6,476,005,376, of lm_head 622,329,856, norms and biases 659,456 (sums of the checkpoint's shapes). On the CPU
// MLAS keeps codes, scales and block sums, and the file's own scales stay mapped: 12 bytes for a block of 32.
test.each([
  ['bf16', 'gpu', 2 * 7_098_335_232 + 2 * 659_456],
  ['int8', 'gpu', 1.0625 * 7_098_335_232 + 2 * 659_456],
  ['nf4', 'gpu', 0.53125 * 6_476_005_376 + 1.0625 * 622_329_856 + 2 * 659_456],
  ['int4', 'gpu', 0.5625 * 6_476_005_376 + 1.0625 * 622_329_856 + 2 * 659_456],
  ['bf16', 'cpu', 4 * 7_098_335_232 + 4 * 659_456],
  ['int8', 'cpu', 1.375 * 7_098_335_232 + 4 * 659_456],
  ['int4', 'cpu', 0.875 * 6_476_005_376 + 1.375 * 622_329_856 + 4 * 659_456],
] as const)('Qwen-7B in %s on the %s', (precision, device, weightsBytes) => {
  const cacheBytes = 2 * 32 * 4096 * 2048 * (device === 'gpu' ? 2 : 4);
  const estimate = estimateMemory({ shape: qwen7bShape, precision, device, contextLength: 2048 });
  expect(estimate).toMatchObject({ weightsBytes, cacheBytes });
});

test.each([
  [23, 'bf16'],
  [15.5, 'bf16'],
  [14.5, 'int8'],
  [11, 'int8'],
  [8.5, 'nf4'],
  [6, 'nf4'],
])('%d GiB of free GPU memory are enough for %s', (free, precision) => {
  expect(recommend([free * gib], 64)).toEqual({ precision, device: 'gpu', reason: 'fitsGpu' });
});

test('the GPU with the most free memory counts', () => {
  expect(recommend([2 * gib, 23 * gib, null], 64).precision).toBe('bf16');
});

test('a GPU that is too small, or does not tell, leaves the CPU', () => {
  expect(recommend([5 * gib], 64)).toEqual({ precision: 'int8', device: 'cpu', reason: 'gpuTooSmall' });
  expect(recommend([null], 64)).toEqual({ precision: 'int8', device: 'cpu', reason: 'gpuTooSmall' });
});

test('without a GPU memory decides between int8 and int4', () => {
  expect(recommend([], 12)).toEqual({ precision: 'int8', device: 'cpu', reason: 'noGpu' });
  expect(recommend([], 10)).toEqual({ precision: 'int4', device: 'cpu', reason: 'smallestOnCpu' });
  expect(recommend([], 1)).toEqual({ precision: 'int4', device: 'cpu', reason: 'smallestOnCpu' });
});

test('a small model needs little', () => {
  const demo = { layers: 6, hiddenSize: 192, heads: 3, feedForwardSize: 512, vocabularySize: 4096 };
  expect(recommend([2 * gib], 8, demo)).toEqual({ precision: 'bf16', device: 'gpu', reason: 'fitsGpu' });
  expect(recommend([], 2, demo)).toEqual({ precision: 'int8', device: 'cpu', reason: 'noGpu' });
});
