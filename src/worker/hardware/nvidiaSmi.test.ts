import { expect, test } from 'vitest';
import { nvidiaGpus, parseNvidiaSmi } from './nvidiaSmi';

const mebibytes = (count: number) => count * 1024 * 1024;
const gpu = (name: string, vramTotal: number | null, vramFree: number | null) => ({
  name,
  vendor: 'nvidia',
  kind: vramTotal === null ? null : 'discrete',
  vramTotal,
  vramFree,
  driver: null,
  source: 'nvidia-smi',
  pciAddress: null,
  pciId: null,
});

test('each GPU has a line', () => {
  const output = `NVIDIA GeForce RTX 4090, 24564, 22939, 550.120, 00000000:01:00.0, 0x268410DE
NVIDIA GeForce RTX 3060, 12288, 11911, 550.120, 00000000:21:00.0, 0x250410DE
`;
  expect(parseNvidiaSmi(output)).toEqual([
    {
      ...gpu('NVIDIA GeForce RTX 4090', mebibytes(24_564), mebibytes(22_939)),
      driver: '550.120',
      pciAddress: '0000:01:00.0',
      pciId: '10de:2684',
    },
    {
      ...gpu('NVIDIA GeForce RTX 3060', mebibytes(12_288), mebibytes(11_911)),
      driver: '550.120',
      pciAddress: '0000:21:00.0',
      pciId: '10de:2504',
    },
  ]);
});

// Totals as the driver tells them, which are not those on the box.
test.each([
  ['NVIDIA GeForce GTX 1650, 4096, 3718, 536.67, 00000000:01:00.0, 0x1F8210DE', 4096, 3718],
  ['NVIDIA GeForce RTX 3060 Ti, 8192, 7101, 551.86, 00000000:0A:00.0, 0x248610DE', 8192, 7101],
  ['NVIDIA GeForce RTX 4070 SUPER, 12282, 10895, 560.94, 00000000:01:00.0, 0x278310DE', 12_282, 10_895],
  ['NVIDIA GeForce RTX 4060 Ti, 16380, 15204, 560.94, 00000000:01:00.0, 0x280510DE', 16_380, 15_204],
  ['NVIDIA GeForce RTX 3090, 24576, 24115, 535.183.01, 00000000:65:00.0, 0x220410DE', 24_576, 24_115],
])('%s', (line, total, free) => {
  expect(parseNvidiaSmi(line)).toMatchObject([{ vramTotal: mebibytes(total), vramFree: mebibytes(free) }]);
});

test('lines may end as on Windows, names may have commas, and the last fields may lack', () => {
  expect(parseNvidiaSmi('Quadro T1000, Max-Q, 4096, 3966\r\n')).toEqual([
    gpu('Quadro T1000, Max-Q', mebibytes(4096), mebibytes(3966)),
  ]);
});

test('units may be there although none were asked for', () => {
  expect(parseNvidiaSmi('Tesla T4, 15360 MiB, 14923 MiB, 470.57.02\n')).toMatchObject([
    { vramTotal: mebibytes(15_360), vramFree: mebibytes(14_923), driver: '470.57.02' },
  ]);
});

test('a GPU that shares the memory of the CPU does not tell', () => {
  expect(parseNvidiaSmi('NVIDIA GB10, [N/A], [N/A], 580.95.05, 0000000F:01:00.0, 0x2E1210DE\n')).toMatchObject([
    { name: 'NVIDIA GB10', kind: null, vramTotal: null, vramFree: null, pciAddress: '000f:01:00.0' },
  ]);
  expect(parseNvidiaSmi('Tegra, [Not Supported], [Not Supported]\n')).toEqual([gpu('Tegra', null, null)]);
});

test('of two GPUs one may have fallen off the bus', () => {
  const output = `NVIDIA GeForce RTX 3090, 24576, 24115, 535.183.01, 00000000:01:00.0, 0x220410DE
Unable to determine the device handle for GPU0000:02:00.0: Unknown Error
`;
  expect(parseNvidiaSmi(output)).toHaveLength(1);
});

test.each([
  '',
  '\n',
  'No devices were found\n',
  "NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver. Make sure that the latest NVIDIA driver is installed and running.\n",
  'Failed to initialize NVML: Driver/library version mismatch\nNVML library version: 550.120\n',
  'name, memory.total [MiB], memory.free [MiB], driver_version, pci.bus_id, pci.device_id\n',
  'Field "pci.device_id" is not a valid field to query.\n',
  '\u0000\ufffd, 1, 2 GB, garbage',
  "'nvidia-smi' n'est pas reconnu en tant que commande interne ou externe\r\n",
])('%j is no GPU', (output) => {
  expect(parseNvidiaSmi(output)).toEqual([]);
});

test('the answer is kept, and without one there is no GPU', async () => {
  const record = { probe: 'nvidia-smi', outcome: 'timedOut', output: '', milliseconds: 5000 } as const;
  expect(await nvidiaGpus(() => Promise.resolve(record))).toEqual({ gpus: [], probes: [record] });
});
