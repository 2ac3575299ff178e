import { expect, test } from 'vitest';
import type { Gpu } from '../../shared/hardware';
import type { DeviceSetting, PrecisionSetting } from '../../shared/precision';
import { chooseSetup } from './chooseSetup';
import { qwen7bShape } from './memoryEstimate';

const gib = 2 ** 30;
const gpu = (freeGib: number | null): Gpu => ({
  name: 'GPU',
  vramTotal: freeGib === null ? null : (freeGib + 1) * gib,
  vramFree: freeGib === null ? null : freeGib * gib,
  source: 'nvidia-smi',
});

const choose = (precision: PrecisionSetting, device: DeviceSetting, gpus: Gpu[]) =>
  chooseSetup(
    { precision, device },
    { gpus, ram: { total: 32 * gib, free: 24 * gib }, shape: qwen7bShape, contextLength: 2048 },
  );

test('what the user chose is never changed', () => {
  for (const precision of ['bf16', 'int8', 'nf4', 'int4'] as const)
    for (const device of ['gpu', 'cpu'] as const)
      expect(choose(precision, device, [])).toEqual({ precision, device, reason: 'chosen' });
});

test('a precision without a device goes to the GPU if it fits there', () => {
  // Published peaks of Qwen-7B: Int8 10.1 GB, NF4 7.4 GB; ours are below them.
  expect(choose('int8', 'auto', [gpu(12)])).toEqual({ precision: 'int8', device: 'gpu', reason: 'fitsGpu' });
  expect(choose('int8', 'auto', [gpu(7)])).toEqual({ precision: 'int8', device: 'cpu', reason: 'gpuTooSmall' });
  expect(choose('nf4', 'auto', [])).toEqual({ precision: 'nf4', device: 'cpu', reason: 'noGpu' });
});

test('a device without a precision gets the best that fits it', () => {
  expect(choose('auto', 'gpu', [gpu(24)])).toMatchObject({ precision: 'bf16', device: 'gpu' });
  expect(choose('auto', 'gpu', [gpu(12)])).toMatchObject({ precision: 'int8', device: 'gpu' });
  expect(choose('auto', 'gpu', [gpu(null)])).toMatchObject({ precision: 'nf4', device: 'gpu' });
  expect(choose('auto', 'cpu', [gpu(24)])).toMatchObject({ precision: 'int8', device: 'cpu', reason: 'chosen' });
});

test('nothing chosen is Auto', () => {
  expect(choose('auto', 'auto', [gpu(24)])).toEqual({ precision: 'bf16', device: 'gpu', reason: 'fitsGpu' });
  expect(choose('auto', 'auto', [])).toEqual({ precision: 'int8', device: 'cpu', reason: 'noGpu' });
});
