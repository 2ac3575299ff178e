import { expect, test } from 'vitest';
import { Hardware } from '../../shared/hardware';
import { detectHardware, qwen7bChat } from './detectHardware';
import { thisMachine, type Machine } from './machine';

const gib = 2 ** 30;
const linux: Machine = {
  platform: 'linux',
  arch: 'x64',
  cpu: { name: 'AMD Ryzen 9 7950X', cores: 32 },
  ram: () => ({ total: 64 * gib, free: 40 * gib }),
  run: () => Promise.resolve(null),
  drmFolder: '/no/such/folder',
};

test('a computer without a GPU', async () => {
  expect(await detectHardware(linux, qwen7bChat)).toEqual({
    gpus: [],
    ram: { total: 64 * gib, free: 40 * gib },
    cpu: { name: 'AMD Ryzen 9 7950X', cores: 32 },
    recommended: { precision: 'int8', device: 'cpu', reason: 'noGpu' },
  });
});

test('a computer with a GPU of NVIDIA', async () => {
  const run: Machine['run'] = (command) =>
    Promise.resolve(command === 'nvidia-smi' ? 'NVIDIA GeForce RTX 4070, 12282, 11500\n' : null);
  const hardware = await detectHardware({ ...linux, platform: 'win32', run }, qwen7bChat);
  expect(hardware.gpus).toEqual([
    { name: 'NVIDIA GeForce RTX 4070', vramTotal: 12_282 * 2 ** 20, vramFree: 11_500 * 2 ** 20, source: 'nvidia-smi' },
  ]);
  expect(hardware.recommended).toEqual({ precision: 'int8', device: 'gpu', reason: 'fitsGpu' });
});

test('a Mac with a chip of Apple computes in its one memory', async () => {
  const output = `(page size of 16384 bytes)\nPages free: 65536.\nPages inactive: 1048576.\nPages speculative: 0.\n`; // 17 GiB
  const run: Machine['run'] = (command) => Promise.resolve(command === 'vm_stat' ? output : null);
  const mac: Machine = { ...linux, platform: 'darwin', arch: 'arm64', cpu: { name: 'Apple M3', cores: 8 }, run };
  const hardware = await detectHardware({ ...mac, ram: () => ({ total: 24 * gib, free: gib / 2 }) }, qwen7bChat);
  expect(hardware.gpus).toEqual([
    { name: 'Apple M3', vramTotal: 24 * gib, vramFree: 17 * gib, source: 'unified-memory' },
  ]);
  expect(hardware.ram.free).toBe(17 * gib);
  expect(hardware.recommended.precision).toBe('bf16');
});

test('this computer', async () => {
  const hardware = Hardware.parse(await detectHardware(thisMachine, qwen7bChat));
  expect(hardware.cpu.cores).toBeGreaterThan(0);
  expect(hardware.ram.free).toBeGreaterThan(0);
  expect(hardware.ram.free).toBeLessThanOrEqual(hardware.ram.total);
});
