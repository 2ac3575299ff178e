import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { drmGpus } from './drm';

/** A folder like /sys/class/drm with these files, gone when the test is. */
async function drmFolder(files: Record<string, string>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'drm-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), content);
  }
  return folder;
}

const gpusIn = async (files: Record<string, string>) => (await drmGpus(await drmFolder(files), '6.8.0-45')).gpus;

test('a Radeon RX 7900 XTX beside the graphics of an Intel processor', async () => {
  const gpus = await gpusIn({
    version: 'drm 1.1.0 20060810\n',
    'card0/device/vendor': '0x8086\n',
    'card0/device/device': '0xa780\n',
    'card0/device/uevent': 'DRIVER=i915\nPCI_CLASS=30000\nPCI_ID=8086:A780\nPCI_SLOT_NAME=0000:00:02.0\n',
    'card1/device/vendor': '0x1002\n',
    'card1/device/device': '0x744c\n',
    'card1/device/uevent': 'DRIVER=amdgpu\nPCI_CLASS=30000\nPCI_ID=1002:744C\nPCI_SLOT_NAME=0000:03:00.0\n',
    'card1/device/mem_info_vram_total': '25753026560\n',
    'card1/device/mem_info_vram_used': '1293422592\n',
    'card1/device/mem_info_vram_vendor': 'samsung\n',
    'card1-DP-1/device/mem_info_vram_total': '25753026560\n',
    'renderD128/device/mem_info_vram_total': '25753026560\n',
  });
  expect(gpus).toEqual([
    {
      name: null,
      vendor: 'intel',
      kind: 'integrated',
      vramTotal: null,
      vramFree: null,
      driver: 'i915 (6.8.0-45)',
      source: 'drm',
      pciAddress: '0000:00:02.0',
      pciId: '8086:a780',
    },
    {
      name: null,
      vendor: 'amd',
      kind: 'discrete',
      vramTotal: 25_753_026_560,
      vramFree: 24_459_603_968,
      driver: 'amdgpu (6.8.0-45)',
      source: 'drm',
      pciAddress: '0000:03:00.0',
      pciId: '1002:744c',
    },
  ]);
});

// 4, 8, 12 and 16 GiB, less what the firmware keeps.
test.each([
  ['4278190080', '31457280', 4_246_732_800],
  ['8573157376', '641728512', 7_931_428_864],
  ['12868124672', '0', 12_868_124_672],
  ['17163091968', '17163091968', 0],
])('of %s bytes %s are used', async (total, used, free) => {
  const files = { 'card0/device/mem_info_vram_total': total, 'card0/device/mem_info_vram_used': used };
  expect(await gpusIn(files)).toMatchObject([{ vendor: 'amd', vramTotal: Number(total), vramFree: free }]);
});

test('a server card tells its name; what cannot be read is not known', async () => {
  const gpus = await gpusIn({
    'card0/device/product_name': 'AMD Instinct MI210\n',
    'card0/device/mem_info_vram_total': '68702699520\n',
    'card0/device/mem_info_vram_used': '',
  });
  expect(gpus).toMatchObject([
    { name: 'AMD Instinct MI210', vramTotal: 68_702_699_520, vramFree: null, kind: null, driver: null },
  ]);
});

test('a card of NVIDIA with the driver of Linux is there, and does not tell its memory', async () => {
  const gpus = await gpusIn({
    'card0/device/vendor': '0x10de',
    'card0/device/device': '0x2684',
    'card0/device/uevent': 'DRIVER=nouveau\nPCI_SLOT_NAME=0000:01:00.0',
  });
  expect(gpus).toMatchObject([{ vendor: 'nvidia', kind: 'discrete', driver: 'nouveau (6.8.0-45)', vramTotal: null }]);
});

test('Intel’s cards are told from its processors', async () => {
  const gpus = await gpusIn({
    'card0/device/vendor': '0x8086',
    'card0/device/device': '0x56a0',
    'card0/device/uevent': 'DRIVER=xe\nPCI_SLOT_NAME=0000:03:00.0',
  });
  expect(gpus).toMatchObject([{ vendor: 'intel', kind: 'discrete', driver: 'xe (6.8.0-45)' }]);
});

test('a server’s console and a virtual screen compute nothing', async () => {
  expect(
    await gpusIn({
      'card0/device/vendor': '0x1a03', // ASPEED
      'card0/device/device': '0x2000',
      'card1/device/vendor': '0x1af4', // virtio
      'card2/device/uevent': 'DRIVER=simple-framebuffer',
    }),
  ).toEqual([]);
});

test('files with other content than numbers', async () => {
  const gpus = await gpusIn({
    'card0/device/vendor': '\ufffd\ufffd',
    'card0/device/mem_info_vram_total': '0x5ff000000',
    'card0/device/mem_info_vram_used': '-1',
  });
  expect(gpus).toMatchObject([{ vendor: 'amd', vramTotal: null, vramFree: null, pciId: null }]);
});

test('what was read is kept', async () => {
  const folder = await drmFolder({ 'card0/device/vendor': '0x1002\n', 'card0/device/uevent': 'DRIVER=amdgpu\nA=B\n' });
  expect((await drmGpus(folder, '6.8')).probes).toEqual([
    {
      probe: folder,
      outcome: 'answered',
      output: 'card0\n  vendor: 0x1002\n  uevent: DRIVER=amdgpu A=B\n',
      milliseconds: expect.any(Number) as number,
    },
  ]);
});

test('a computer without the folder has no such GPU', async () => {
  const { gpus, probes } = await drmGpus(join(tmpdir(), 'no-such-folder'), '6.8');
  expect(gpus).toEqual([]);
  expect(probes).toMatchObject([{ outcome: 'missing', output: '' }]);
});
