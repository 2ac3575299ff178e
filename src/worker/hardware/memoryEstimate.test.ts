import { expect, test } from 'vitest';
import { estimateMemory, qwen7bShape } from './memoryEstimate';

// On the CPU MLAS keeps codes, scales and sums of blocks, and the file's own scales stay mapped.
test.each([
  ['bf16', 'gpu', 2 * 7_098_335_232 + 2 * 659_456],
  ['int8', 'gpu', 1.0625 * 7_098_335_232 + 2 * 659_456],
  ['nf4', 'gpu', 0.53125 * 6_476_005_376 + 1.0625 * 622_329_856 + 2 * 659_456],
  ['int4', 'gpu', 0.5625 * 6_476_005_376 + 1.0625 * 622_329_856 + 2 * 659_456],
  ['bf16', 'cpu', 4 * 7_098_335_232 + 4 * 659_456],
  ['int8', 'cpu', 1.09375 * 7_098_335_232 + 4 * 659_456],
  ['int4', 'cpu', 0.59375 * 6_476_005_376 + 1.09375 * 622_329_856 + 4 * 659_456],
] as const)('the weights of Qwen-7B in %s on the %s', (precision, device, weightsBytes) => {
  const cacheBytes = 2 * 32 * 4096 * 2048 * (precision === 'bf16' && device === 'cpu' ? 4 : 2);
  const estimate = estimateMemory({ shape: qwen7bShape, precision, device, contextLength: 2048 });
  expect(estimate).toMatchObject({ weightsBytes, cacheBytes });
});

// README of QwenLM/Qwen, August 2023: 16.2, 10.1 and 7.4 GB; ours are to stay clearly below.
test.each([
  ['bf16', 15.8e9],
  ['int8', 8.9e9],
  ['nf4', 5.9e9],
] as const)('Qwen-7B in %s stays below %d bytes on a GPU at 2,048 tokens', (precision, bytes) => {
  const { peakBytes } = estimateMemory({ shape: qwen7bShape, precision, device: 'gpu', contextLength: 2048 });
  expect(peakBytes).toBeLessThan(bytes);
});
