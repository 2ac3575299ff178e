import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';
import { Precision } from '../../shared/precision';
import type { ModelShape } from '../../shared/verdict';
import { estimateMemory, qwen7bShape } from './memoryEstimate';

const program = path.join(import.meta.dirname, 'measureMemory.test-support.ts');

/** Peak of a process with the model, less that of one without. */
async function measure(...programArguments: readonly string[]): Promise<number> {
  const { stdout } = await promisify(execFile)(process.execPath, ['--import', 'tsx', program, ...programArguments]);
  return (JSON.parse(stdout) as { bytes: number }).bytes; // written by the program
}

const onCpu = (shape: ModelShape, precision: Precision, contextLength: number) =>
  estimateMemory({ shape, precision, device: 'cpu', contextLength }).peakBytes;

test.each(Precision.options)(
  'a layer of Qwen-7B in %s takes what is predicted, within 5 percent',
  async (precision) => {
    const folder = await mkdtemp(path.join(os.tmpdir(), 'deskmate-memory-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    await measure(precision, folder, '1', 'random'); // writes the weights, which takes memory too
    const measured = await measure(precision, folder, '512', 'random');
    const predicted = onCpu({ ...qwen7bShape, layers: 1, vocabularySize: 4096 }, precision, 512);
    expect(measured / predicted).toBeGreaterThan(0.95);
    expect(measured / predicted).toBeLessThan(1.05);
  },
  180_000,
);

test('the demo model takes what is predicted, within the 24 MB that processes differ by', async () => {
  const demo = { layers: 6, hiddenSize: 192, heads: 3, feedForwardSize: 512, vocabularySize: 4096 };
  const folder = path.resolve(import.meta.dirname, '../../../assets/demo-model');
  const measured = await measure('bf16', folder, '512', 'checkpoint');
  expect(Math.abs(measured - onCpu(demo, 'bf16', 512))).toBeLessThan(24e6);
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
