import type { Gpu, Hardware } from '../../shared/hardware';
import { drmGpus } from './drm';
import type { Machine } from './machine';
import { qwen7bShape, type ModelShape } from './memoryEstimate';
import { nvidiaGpus } from './nvidiaSmi';
import { recommendPrecision } from './recommendPrecision';
import { parseVmStat } from './vmStat';

type Wanted = { shape: ModelShape; contextLength: number };

/** The model the app is for, with a conversation of some pages. */
export const qwen7bChat: Wanted = { shape: qwen7bShape, contextLength: 2048 };

/** What the computer has, and what Auto would choose on it for a model of that shape. Never takes memory of a GPU itself. */
export async function detectHardware(machine: Machine, { shape, contextLength }: Wanted): Promise<Hardware> {
  const ram = await freshRam(machine);
  const gpus = await findGpus(machine, ram);
  return { gpus, ram, cpu: { ...machine.cpu }, recommended: recommendPrecision({ gpus, ram, shape, contextLength }) };
}

type Ram = Hardware['ram'];

async function freshRam(machine: Machine): Promise<Ram> {
  const ram = machine.ram();
  if (machine.platform !== 'darwin') return ram;
  const output = await machine.run('vm_stat', []);
  return { ...ram, free: (output === null ? null : parseVmStat(output)) ?? ram.free };
}

async function findGpus(machine: Machine, ram: Ram): Promise<Gpu[]> {
  if (machine.platform === 'darwin') return machine.arch === 'arm64' ? [unified(machine, ram)] : [];
  const found = await Promise.all([nvidiaGpus(machine.run), drmGpus(machine.drmFolder)]);
  return found.flat();
}

/** Apple's chips: the GPU computes in the memory of the CPU. */
const unified = (machine: Machine, ram: Ram): Gpu => ({
  name: machine.cpu.name,
  vramTotal: ram.total,
  vramFree: ram.free,
  source: 'unified-memory',
});
