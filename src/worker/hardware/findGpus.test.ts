import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { findGpus } from './findGpus';
import { answering, machine } from './machine.test-support';

const gibibyte = 2 ** 30;
const ram = { total: 24 * gibibyte, free: 17 * gibibyte };

async function drmFolder(files: Record<string, string>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'drm-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), content);
  }
  return folder;
}

test('Linux: a card of NVIDIA and the graphics of an AMD processor, which three sources see, are two', async () => {
  const folder = await drmFolder({
    'card0/device/vendor': '0x10de',
    'card0/device/device': '0x2504',
    'card0/device/uevent': 'DRIVER=nvidia\nPCI_SLOT_NAME=0000:01:00.0',
    'card1/device/vendor': '0x1002',
    'card1/device/device': '0x164e',
    'card1/device/uevent': 'DRIVER=amdgpu\nPCI_SLOT_NAME=0000:0c:00.0',
    'card1/device/mem_info_vram_total': '536870912',
    'card1/device/mem_info_vram_used': '36870912',
  });
  const run = answering([
    {
      command: 'nvidia-smi',
      output: 'NVIDIA GeForce RTX 3060, 12288, 11911, 550.120, 00000000:01:00.0, 0x250410DE\n',
    },
    {
      command: 'lspci',
      output: `0000:01:00.0 "VGA compatible controller [0300]" "NVIDIA Corporation [10de]" "GA106 [GeForce RTX 3060] [2504]"
0000:0c:00.0 "VGA compatible controller [0300]" "Advanced Micro Devices, Inc. [AMD/ATI] [1002]" "Raphael [164e]"\n`,
    },
  ]);
  const { gpus, probes } = await findGpus(machine({ run, drmFolder: folder }), ram);
  expect(gpus).toEqual([
    {
      name: 'NVIDIA GeForce RTX 3060',
      vendor: 'nvidia',
      kind: 'discrete',
      vramTotal: 12_288 * 2 ** 20,
      vramFree: 11_911 * 2 ** 20,
      driver: '550.120',
      source: 'nvidia-smi',
    },
    {
      name: 'AMD Raphael',
      vendor: 'amd',
      kind: null,
      vramTotal: 536_870_912,
      vramFree: 500_000_000,
      driver: 'amdgpu (6.8.0-45-generic)',
      source: 'drm',
    },
  ]);
  expect(probes.map(({ outcome }) => outcome)).toEqual(['answered', 'answered', 'answered']);
});

test('Linux: a card whose driver is missing is there without one', async () => {
  const run = answering([
    {
      command: 'nvidia-smi',
      outcome: 'failed',
      output: "NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver.\n",
    },
    {
      command: 'lspci',
      output:
        '0000:01:00.0 "VGA compatible controller [0300]" "NVIDIA Corporation [10de]" "AD102 [GeForce RTX 4090] [2684]"',
    },
  ]);
  expect((await findGpus(machine({ run }), ram)).gpus).toMatchObject([
    { name: 'NVIDIA GeForce RTX 4090', driver: null, vramTotal: null, source: 'lspci' },
  ]);
});

test('a tool that hangs is left out, and it is said', async () => {
  const run = answering([{ command: 'nvidia-smi', outcome: 'timedOut', output: '' }]);
  const { gpus, probes } = await findGpus(machine({ run }), ram);
  expect(gpus).toEqual([]);
  expect(probes.map(({ outcome }) => outcome)).toEqual(['timedOut', 'missing', 'missing']);
});

const classKey =
  'HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Control\\Class\\{4d36e968-e325-11ce-bfc1-08002be10318}';
const directXKey = 'HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\DirectX';

/** A notebook with an RTX 4060 and an Arc in its processor, into which a GTX 970 was once put over Thunderbolt. */
const windowsTools = [
  {
    command: 'reg',
    with: '4d36e968',
    output: [
      `${classKey}\\0000`,
      '    DriverDesc    REG_SZ    NVIDIA GeForce GTX 970',
      '    MatchingDeviceId    REG_SZ    pci\\ven_10de&dev_13c2',
      '    HardwareInformation.qwMemorySize    REG_QWORD    0x100000000',
      `${classKey}\\0001`,
      '    DriverDesc    REG_SZ    NVIDIA GeForce RTX 4060 Laptop GPU',
      '    DriverVersion    REG_SZ    32.0.15.6094',
      '    MatchingDeviceId    REG_SZ    pci\\ven_10de&dev_28e0',
      '    HardwareInformation.qwMemorySize    REG_QWORD    0x1ff800000',
      `${classKey}\\0002`,
      '    DriverDesc    REG_SZ    Intel(R) Arc(TM) Graphics',
      '    DriverVersion    REG_SZ    32.0.101.6083',
      '    MatchingDeviceId    REG_SZ    PCI\\VEN_8086&DEV_7D55',
      '    HardwareInformation.qwMemorySize    REG_QWORD    0x8000000',
    ].join('\r\n'),
  },
  {
    command: 'reg',
    with: 'DirectX',
    output: [
      directXKey,
      '    LastSeen    REG_QWORD    0x1db0a1b2c3d4e5f',
      `${directXKey}\\{1}`,
      '    Description    REG_SZ    NVIDIA GeForce RTX 4060 Laptop GPU',
      '    VendorId    REG_DWORD    0x10de',
      '    DeviceId    REG_DWORD    0x28e0',
      '    AdapterLuid    REG_QWORD    0x12c3f',
      '    DedicatedVideoMemory    REG_QWORD    0x1f6600000',
      '    LastSeen    REG_QWORD    0x1db0a1b2c3d4e5f',
    ].join('\r\n'),
  },
  {
    command: 'powershell',
    output: JSON.stringify({
      adapters: [
        {
          name: 'Intel(R) Arc(TM) Graphics',
          device: 'PCI\\VEN_8086&DEV_7D55&SUBSYS_0\\3&1',
          driver: '32.0.101.6083',
          bus: 0,
          address: 131_072,
        },
        {
          name: 'NVIDIA GeForce RTX 4060 Laptop GPU',
          device: 'PCI\\VEN_10DE&DEV_28E0&SUBSYS_0\\4&1',
          driver: '32.0.15.6094',
          bus: 1,
          address: 0,
        },
      ],
      memory: [{ name: 'luid_0x00000000_0x00012C3F_phys_0', used: 400_000_000 }],
    }),
  },
];

test('Windows: without nvidia-smi the registry tells the whole memory, and DXGI’s figures what is free', async () => {
  const { gpus, probes } = await findGpus(machine({ platform: 'win32', run: answering(windowsTools) }), ram);
  expect(gpus).toEqual([
    {
      name: 'NVIDIA GeForce RTX 4060 Laptop GPU',
      vendor: 'nvidia',
      kind: 'discrete',
      vramTotal: 0x1_ff80_0000,
      vramFree: 0x1_f660_0000 - 400_000_000,
      driver: '32.0.15.6094',
      source: 'registry',
    },
    {
      name: 'Intel(R) Arc(TM) Graphics',
      vendor: 'intel',
      kind: 'integrated',
      vramTotal: 128 * 2 ** 20,
      vramFree: null,
      driver: '32.0.101.6083',
      source: 'registry',
    },
  ]);
  expect(probes).toHaveLength(4);
});

test('Windows: nvidia-smi is believed first', async () => {
  const line = 'NVIDIA GeForce RTX 4060 Laptop GPU, 8188, 7000, 560.94, 00000000:01:00.0, 0x28E010DE\r\n';
  const run = answering([{ command: 'nvidia-smi', output: line }, ...windowsTools]);
  const { gpus } = await findGpus(machine({ platform: 'win32', run }), ram);
  expect(gpus).toHaveLength(2);
  expect(gpus[0]).toMatchObject({ vramTotal: 8188 * 2 ** 20, vramFree: 7000 * 2 ** 20, source: 'nvidia-smi' });
});

test('Windows: without PowerShell nothing is known of what was taken out', async () => {
  const run = answering(windowsTools.filter(({ command }) => command === 'reg'));
  const { gpus } = await findGpus(machine({ platform: 'win32', run }), ram);
  expect(gpus.map(({ vramFree }) => vramFree)).toEqual([null, null, null]);
});

test('macOS: a chip of Apple computes in its one memory, a Mac with Intel’s is asked', async () => {
  const chip = { platform: 'darwin', arch: 'arm64', release: '24.5.0', cpu: { name: 'Apple M3', cores: 8 } } as const;
  expect((await findGpus(machine(chip), ram)).gpus).toEqual([
    {
      name: 'Apple M3',
      vendor: 'apple',
      kind: 'unified',
      vramTotal: ram.total,
      vramFree: ram.free,
      driver: 'Darwin 24.5.0',
      source: 'unified-memory',
    },
  ]);
  const output = JSON.stringify({
    SPDisplaysDataType: [{ sppci_model: 'AMD Radeon Pro 5300M', spdisplays_vram: '4 GB' }],
  });
  const run = answering([{ command: 'system_profiler', output }]);
  expect((await findGpus(machine({ platform: 'darwin', run }), ram)).gpus).toMatchObject([{ vramTotal: 4 * gibibyte }]);
});
