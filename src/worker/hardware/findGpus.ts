import type { Gpu, ProbeRecord } from '../../shared/hardware';
import { drmGpus } from './drm';
import { mergeGpus, type Found, type FoundGpu } from './foundGpu';
import { lspciGpus } from './lspci';
import type { Machine } from './machine';
import { nvidiaGpus } from './nvidiaSmi';
import { systemProfilerGpus } from './systemProfiler';
import { windowsAdapters, type WindowsAdapters } from './windowsAdapters';
import { directXGpus, displayClassGpus, type DirectXGpu } from './windowsRegistry';

type Ram = { total: number; free: number };

/** All GPUs, each once, and what was asked to find them. Never takes memory of a GPU itself. */
export async function findGpus(machine: Machine, ram: Ram): Promise<{ gpus: Gpu[]; probes: ProbeRecord[] }> {
  const sources = await sourcesOf(machine, ram);
  return {
    gpus: mergeGpus(sources.map(({ gpus }) => gpus)),
    probes: sources.flatMap(({ probes }) => probes),
  };
}

/** The most trusted first. */
async function sourcesOf(machine: Machine, ram: Ram): Promise<Found[]> {
  const { platform, arch, run } = machine;
  if (platform === 'win32') return windowsSources(run);
  if (platform === 'darwin')
    return arch === 'arm64' ? [{ gpus: [unified(machine, ram)], probes: [] }] : [await systemProfilerGpus(run)];
  return Promise.all([nvidiaGpus(run), drmGpus(machine.drmFolder, machine.release), lspciGpus(run)]);
}

/** Apple's chips: the GPU computes in the memory of the CPU. */
const unified = ({ cpu, release }: Machine, ram: Ram): FoundGpu => ({
  name: cpu.name,
  vendor: 'apple',
  kind: 'unified',
  vramTotal: ram.total,
  vramFree: ram.free,
  driver: `Darwin ${release}`, // it comes with the system
  source: 'unified-memory',
  pciAddress: null,
  pciId: null,
});

async function windowsSources(run: Machine['run']): Promise<Found[]> {
  const [nvidia, drivers, dxgi, now] = await Promise.all([
    nvidiaGpus(run),
    displayClassGpus(run),
    directXGpus(run),
    windowsAdapters(run),
  ]);
  return [
    nvidia,
    { ...drivers, gpus: drivers.gpus.filter((gpu) => isPresent(gpu, now)) },
    { ...dxgi, gpus: dxgi.gpus.map((gpu) => withFreeMemory(gpu, now)) },
    now,
  ];
}

/** The registry keeps the drivers of cards that were taken out. */
const isPresent = ({ pciId }: FoundGpu, { gpus }: WindowsAdapters): boolean =>
  gpus.length === 0 || gpus.some((gpu) => gpu.pciId === pciId);

function withFreeMemory({ luid, ...gpu }: DirectXGpu, { usedByLuid }: WindowsAdapters): FoundGpu {
  const used = luid === null ? undefined : usedByLuid.get(luid);
  if (gpu.vramTotal === null || used === undefined) return gpu;
  return { ...gpu, vramFree: Math.max(0, gpu.vramTotal - used) };
}
