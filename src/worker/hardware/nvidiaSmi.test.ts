import { expect, test } from 'vitest';
import { nvidiaGpus, parseNvidiaSmi } from './nvidiaSmi';

const mebibytes = (count: number) => count * 1024 * 1024;
const gpu = (name: string, vramTotal: number | null, vramFree: number | null) => ({
  name,
  vramTotal,
  vramFree,
  source: 'nvidia-smi',
});

test('each GPU has a line', () => {
  expect(parseNvidiaSmi('NVIDIA GeForce RTX 4090, 24564, 22939\nNVIDIA GeForce RTX 3060, 12288, 11911\n')).toEqual([
    gpu('NVIDIA GeForce RTX 4090', mebibytes(24_564), mebibytes(22_939)),
    gpu('NVIDIA GeForce RTX 3060', mebibytes(12_288), mebibytes(11_911)),
  ]);
});

test('lines may end as on Windows, and names may have commas', () => {
  expect(parseNvidiaSmi('Quadro T1000, Max-Q, 4096, 3966\r\n')).toEqual([
    gpu('Quadro T1000, Max-Q', mebibytes(4096), mebibytes(3966)),
  ]);
});

test('a GPU that shares the memory of the CPU does not tell', () => {
  expect(parseNvidiaSmi('NVIDIA GB10, [N/A], [N/A]\n')).toEqual([gpu('NVIDIA GB10', null, null)]);
  expect(parseNvidiaSmi('Tegra, [Not Supported], [Not Supported]\n')).toEqual([gpu('Tegra', null, null)]);
});

test.each([
  '',
  '\n',
  'No devices were found\n',
  "NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver. Make sure that the latest NVIDIA driver is installed and running.\n",
  'Failed to initialize NVML: Driver/library version mismatch\nNVML library version: 550.120\n',
  'name, memory.total [MiB], memory.free [MiB]\n',
  '\u0000\ufffd, 1, 2, garbage',
])('%j is no GPU', (output) => {
  expect(parseNvidiaSmi(output)).toEqual([]);
});

test('without an answer there is no GPU', async () => {
  expect(await nvidiaGpus(() => Promise.resolve(null))).toEqual([]);
});
