import { expect, test } from 'vitest';
import { Hardware } from '../../shared/hardware';
import { detectHardware, lookAt, qwen7bChat } from './detectHardware';
import { thisMachine } from './machine';
import { answering, machine } from './machine.test-support';

const gibibyte = 2 ** 30;

test('a computer without a GPU', async () => {
  const { probes, ...hardware } = await detectHardware(machine({}), qwen7bChat);
  expect(hardware).toEqual({
    gpus: [],
    ram: { total: 64 * gibibyte, free: 40 * gibibyte },
    disk: { folder: '/home/a', total: 500e9, free: 120e9 },
    cpu: { name: 'AMD Ryzen 9 7950X', cores: 32 },
    recommended: { precision: 'int8', device: 'cpu', reason: 'noGpu' },
  });
  expect(probes.map(({ probe, outcome }) => [probe.split(' ')[0], outcome])).toEqual([
    ['nvidia-smi', 'missing'],
    ['/no/such/folder', 'missing'],
    ['lspci', 'missing'],
  ]);
});

// RTX 3050, 4060, 4070, 4060 Ti and 3090 on a desktop.
test.each([
  ['4096, 3718', { precision: 'int8', device: 'cpu', reason: 'gpuTooSmall' }],
  ['8188, 7332', { precision: 'nf4', device: 'gpu', reason: 'fitsGpu' }],
  ['12282, 11500', { precision: 'int8', device: 'gpu', reason: 'fitsGpu' }],
  ['16380, 15925', { precision: 'int8', device: 'gpu', reason: 'fitsGpu' }],
  ['24576, 24115', { precision: 'bf16', device: 'gpu', reason: 'fitsGpu' }],
])('a GPU of NVIDIA with %s MiB', async (memory, recommended) => {
  const run = answering([{ command: 'nvidia-smi', output: `NVIDIA GeForce RTX, ${memory}\n` }]);
  const hardware = await detectHardware(machine({ platform: 'win32', run }), qwen7bChat);
  expect(hardware.gpus).toHaveLength(1);
  expect(hardware.recommended).toEqual(recommended);
});

test('a Mac counts pages that hold nothing but caches as free', async () => {
  const output = `(page size of 16384 bytes)\nPages free: 65536.\nPages inactive: 1048576.\nPages speculative: 0.\n`; // 17 GiB
  const mac = machine({
    ...{ platform: 'darwin', arch: 'arm64', cpu: { name: 'Apple M3', cores: 8 } },
    ram: () => ({ total: 24 * gibibyte, free: gibibyte / 2 }),
    run: answering([{ command: 'vm_stat', output }]),
  });
  const hardware = await detectHardware(mac, qwen7bChat);
  expect(hardware.ram.free).toBe(17 * gibibyte);
  expect(hardware.gpus).toMatchObject([{ vramFree: 17 * gibibyte }]);
  expect(hardware.recommended).toEqual({ precision: 'bf16', device: 'gpu', reason: 'fitsGpu' });
  expect(hardware.probes).toMatchObject([{ probe: 'vm_stat', outcome: 'answered', output }]);
});

test('an answer of many pages is cut for whoever reads it', async () => {
  const run = answering([{ command: 'nvidia-smi', output: 'x'.repeat(100_000) }]);
  const { probes } = await detectHardware(machine({ run }), qwen7bChat);
  expect(probes[0]!.output).toHaveLength(8002);
});

test('this computer', async () => {
  const hardware = Hardware.strict().parse(await lookAt(thisMachine));
  expect(hardware.cpu.cores).toBeGreaterThan(0);
  expect(hardware.ram.free).toBeGreaterThan(0);
  expect(hardware.ram.free).toBeLessThanOrEqual(hardware.ram.total);
  expect(hardware.disk!.free).toBeGreaterThan(0);
  expect(hardware.disk!.free).toBeLessThanOrEqual(hardware.disk!.total);
  expect(hardware.probes.length).toBeGreaterThan(0);
});
