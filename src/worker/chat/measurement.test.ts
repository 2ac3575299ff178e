import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';
import { Measurement } from '../../shared/verdict';
import { estimateMemory } from '../hardware/memoryEstimate';

const program = path.join(import.meta.dirname, 'openOnce.test-support.ts');

test('what opening took is measured, unless weights were prepared in the same process', async () => {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'deskmate-measured-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const open = async () => {
    const { stdout } = await promisify(execFile)(process.execPath, ['--import', 'tsx', program, folder]);
    return Measurement.nullable().parse(JSON.parse(stdout));
  };
  expect(await open()).toBeNull();
  const measured = (await open())!;
  expect(measured).toMatchObject({ precision: 'int8', device: 'cpu', contextLength: 64 });
  const shape = { layers: 6, hiddenSize: 192, heads: 3, feedForwardSize: 512, vocabularySize: 4096 };
  const { peakBytes } = estimateMemory({ shape, precision: 'int8', device: 'cpu', contextLength: 64 });
  expect(measured.peakBytes!).toBeGreaterThan(0.5 * peakBytes);
  expect(measured.peakBytes!).toBeLessThan(peakBytes + 100e6); // ONNX Runtime itself, which a model of 7B does not notice
});
