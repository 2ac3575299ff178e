import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, onTestFinished, test } from 'vitest';
import { Precision } from '../../shared/precision';
import type { ModelShape } from '../../shared/verdict';
import { estimateMemory, qwen7bShape } from './memoryEstimate';

const program = path.join(import.meta.dirname, 'measureMemory.test-support.ts');
/** Garbage that is collected beside the program goes sooner or later, as the machine is busy: 2 % of the demo model's peak. */
const nodeOptions = ['--expose-gc', '--single-threaded-gc', '--import', 'tsx'];

/** The peak of a process with the model, less what one without takes. */
async function measure(...programArguments: readonly string[]): Promise<number> {
  const { stdout } = await promisify(execFile)(process.execPath, [...nodeOptions, program, ...programArguments]);
  return (JSON.parse(stdout) as { bytes: number }).bytes; // written by the program
}

/** The median of an odd count of runs. */
async function usual(count: number, ...programArguments: readonly string[]): Promise<number> {
  const runs: number[] = [];
  while (runs.length < count) runs.push(await measure(...programArguments));
  return runs.sort((a, b) => a - b)[(count - 1) / 2]!;
}

async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'deskmate-memory-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  return folder;
}

const onCpu = (shape: ModelShape, precision: Precision) =>
  estimateMemory({ shape, precision, device: 'cpu', contextLength: 512 }).peakBytes;

function expectWithin5Percent(measured: number, predicted: number): void {
  expect(measured / predicted).toBeGreaterThan(0.95);
  expect(measured / predicted).toBeLessThan(1.05);
}

describe.runIf(process.platform === 'linux')('within 5 percent of the prediction', () => {
  test.each(Precision.options)('a layer of Qwen-7B in %s', async (precision) => {
    const folder = await temporaryFolder();
    await measure(precision, folder, '1'); // writes the weights, which takes memory too
    const shape = { ...qwen7bShape, layers: 1, vocabularySize: 4096 };
    expectWithin5Percent(await usual(3, precision, folder, '512'), onCpu(shape, precision));
  });

  // Its runs differ by 5 %, as the allocator grows now or a little later, and one in ten by a third.
  test('the demo model', async () => {
    const shape = { layers: 6, hiddenSize: 192, heads: 3, feedForwardSize: 512, vocabularySize: 4096 };
    const demo = path.resolve(import.meta.dirname, '../../../assets/demo-model');
    expectWithin5Percent(await usual(5, 'bf16', await temporaryFolder(), '512', demo), onCpu(shape, 'bf16'));
  });
});
