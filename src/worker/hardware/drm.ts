import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Gpu } from '../../shared/hardware';

/** AMD's GPUs on Linux, whose driver tells their memory in files. `folder` is /sys/class/drm. Source: driver-misc of the kernel's
 *  amdgpu documentation. */
export async function drmGpus(folder: string): Promise<Gpu[]> {
  const entries = await readdir(folder).catch(() => []); // not Linux, or no graphics at all
  const cards = entries.filter((entry) => /^card\d+$/.test(entry)).sort(); // others are their sockets, like card0-DP-1
  const gpus = await Promise.all(cards.map((card) => amdGpu(join(folder, card, 'device'))));
  return gpus.filter((gpu) => gpu !== null);
}

async function amdGpu(device: string): Promise<Gpu | null> {
  const vramTotal = bytesIn(await contentOf(join(device, 'mem_info_vram_total')));
  if (vramTotal === null) return null; // another driver
  const vramUsed = bytesIn(await contentOf(join(device, 'mem_info_vram_used')));
  const name =
    (await contentOf(join(device, 'product_name'))) || `AMD GPU (${await contentOf(join(device, 'device'))})`;
  return { name, vramTotal, vramFree: vramUsed === null ? null : Math.max(0, vramTotal - vramUsed), source: 'drm' };
}

/** Empty where the driver has no such file. */
const contentOf = async (file: string): Promise<string> => (await readFile(file, 'utf8').catch(() => '')).trim();

const bytesIn = (content: string): number | null => (/^\d+$/.test(content) ? Number(content) : null);
