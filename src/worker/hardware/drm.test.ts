import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { drmGpus } from './drm';

/** A folder like /sys/class/drm with these files. */
async function drmFolder(files: Record<string, string>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'drm-'));
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), content);
  }
  return folder;
}

test('a Radeon RX 7900 XTX beside the graphics of the processor', async () => {
  const folder = await drmFolder({
    version: 'drm 1.1.0 20060810\n',
    'card0/device/vendor': '0x8086\n',
    'card0/device/device': '0xa780\n',
    'card1/device/vendor': '0x1002\n',
    'card1/device/device': '0x744c\n',
    'card1/device/mem_info_vram_total': '25753026560\n',
    'card1/device/mem_info_vram_used': '1293422592\n',
    'card1-DP-1/device/mem_info_vram_total': '25753026560\n',
    'renderD128/device/mem_info_vram_total': '25753026560\n',
  });
  expect(await drmGpus(folder)).toEqual([
    { name: 'AMD GPU (0x744c)', vramTotal: 25_753_026_560, vramFree: 24_459_603_968, source: 'drm' },
  ]);
});

test('a server card tells its name; what cannot be read is not known', async () => {
  const folder = await drmFolder({
    'card0/device/product_name': 'AMD Instinct MI210\n',
    'card0/device/mem_info_vram_total': '68702699520\n',
    'card0/device/mem_info_vram_used': '',
  });
  expect(await drmGpus(folder)).toEqual([
    { name: 'AMD Instinct MI210', vramTotal: 68_702_699_520, vramFree: null, source: 'drm' },
  ]);
});

test('a computer without the folder has no such GPU', async () => {
  expect(await drmGpus(join(tmpdir(), 'no-such-folder'))).toEqual([]);
});
