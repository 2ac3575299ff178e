import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { kindOf, vendorOfPciId, type Found, type FoundGpu } from './foundGpu';

/** What is read of each card. Source: driver-misc of the kernel's amdgpu documentation, sysfs-pci. */
const files = [
  'vendor',
  'device',
  'uevent',
  'product_name',
  'mem_info_vram_total',
  'mem_info_vram_used',
  'mem_info_vram_vendor',
] as const;

export type CardFiles = Readonly<Partial<Record<(typeof files)[number], string>>>;

/** GPUs with a driver of Linux, which tells facts in files; only amdgpu tells memory. `folder` is /sys/class/drm, `kernel` names the
 *  release that drivers of the kernel have. */
export async function drmGpus(folder: string, kernel: string): Promise<Found> {
  const start = performance.now();
  const entries = await readdir(folder).catch(() => null); // not Linux, or no graphics at all
  const names = (entries ?? []).filter((entry) => /^card\d+$/.test(entry)).sort(); // others are their sockets, like card0-DP-1
  const cards = await Promise.all(names.map((name) => readCard(join(folder, name, 'device'))));
  const record = {
    probe: folder,
    outcome: entries === null ? ('missing' as const) : ('answered' as const),
    output: cards.map((card, index) => listing(names[index]!, card)).join(''),
    milliseconds: performance.now() - start,
  };
  return { gpus: cards.flatMap((card) => gpuOf(card, kernel) ?? []), probes: [record] };
}

async function readCard(device: string): Promise<CardFiles> {
  const contents = await Promise.all(files.map(async (file) => [file, await contentOf(join(device, file))] as const));
  return Object.fromEntries(contents.filter(([, content]) => content !== ''));
}

/** Null for what only shows pictures: a server's console, a virtual screen. */
function gpuOf(card: CardFiles, kernel: string): FoundGpu | null {
  const pciId = pciIdOf(card);
  const vendor = card.mem_info_vram_total === undefined ? vendorOfPciId(pciId) : 'amd';
  if (vendor === 'other') return null;
  const pciAddress = uevent(card, 'PCI_SLOT_NAME');
  const driver = uevent(card, 'DRIVER');
  const vramTotal = bytesIn(card.mem_info_vram_total);
  const vramUsed = bytesIn(card.mem_info_vram_used);
  return {
    name: card.product_name ?? null,
    vendor,
    kind: hasMemoryChips(card) ? 'discrete' : kindOf(vendor, pciAddress),
    vramTotal,
    vramFree: vramTotal === null || vramUsed === null ? null : Math.max(0, vramTotal - vramUsed),
    driver: driver === null ? null : `${driver} (${kernel})`,
    source: 'drm',
    pciAddress,
    pciId,
  };
}

/** Their maker is told by cards alone: a processor's graphics have none. */
const hasMemoryChips = ({ mem_info_vram_vendor }: CardFiles): boolean =>
  mem_info_vram_vendor !== undefined && mem_info_vram_vendor !== 'unknown';

function pciIdOf({ vendor, device }: CardFiles): string | null {
  const digits = [vendor, device].map((content) => /^0x([\da-f]{4})$/i.exec(content ?? '')?.[1]?.toLowerCase());
  return digits.includes(undefined) ? null : digits.join(':');
}

const uevent = (card: CardFiles, key: string): string | null =>
  new RegExp(`^${key}=(.+)$`, 'm').exec(card.uevent ?? '')?.[1] ?? null;

const listing = (name: string, card: CardFiles): string =>
  `${name}\n${Object.entries(card)
    .map(([file, content]) => `  ${file}: ${content.replaceAll('\n', ' ')}\n`)
    .join('')}`;

/** Empty where the driver has no such file. */
const contentOf = async (file: string): Promise<string> => (await readFile(file, 'utf8').catch(() => '')).trim();

const bytesIn = (content: string | undefined): number | null =>
  content !== undefined && /^\d+$/.test(content) ? Number(content) : null;
