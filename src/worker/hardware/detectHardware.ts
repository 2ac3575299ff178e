import type { Hardware, ProbeRecord } from '../../shared/hardware';
import type { ModelShape } from '../../shared/verdict';
import { chooseSetup, type Setup } from './chooseSetup';
import { findGpus } from './findGpus';
import { withinLimit } from './freeMemory';
import type { Machine } from './machine';
import { qwen7bShape } from './memoryEstimate';
import { nothingReleased, ordinaryContext } from './rankVerdicts';
import { parseVmStat } from './vmStat';

type Wanted = { shape: ModelShape; contextLength: number };

/** The model the app is for, with a conversation of some pages. */
export const qwen7bChat: Wanted = { shape: qwen7bShape, contextLength: ordinaryContext };

/** What the computer has, and what Auto would choose on it for a model of that shape who knows no more than that: not whether its
 *  GPU computes, nor what ran or failed here before. The app, which knows, asks for verdicts instead. */
export async function detectHardware(
  machine: Machine,
  wanted: Wanted,
): Promise<Hardware & { readonly recommended: Setup }> {
  const facts = await lookAt(machine);
  const untried = { released: nothingReleased, proof: null, measurements: [] };
  const recommended = chooseSetup({ precision: 'auto', device: 'auto' }, { ...facts, ...wanted, ...untried });
  return { ...facts, recommended };
}

/** What the computer has, read now. */
export async function lookAt(machine: Machine): Promise<Hardware> {
  const [{ ram, probes: ramProbes }, disk] = await Promise.all([freshRam(machine), machine.disk()]);
  const { gpus, probes } = await findGpus(machine, ram);
  return { gpus, ram, disk, cpu: { ...machine.cpu }, probes: [...probes, ...ramProbes].map(shortened) };
}

/** What of its memory is free now. */
export async function freshRam(machine: Machine): Promise<{ ram: Hardware['ram']; probes: ProbeRecord[] }> {
  const ram = machine.ram();
  if (machine.platform !== 'darwin') return { ram, probes: [] };
  const record = await machine.run('vm_stat', []);
  return { ram: { ...ram, free: withinLimit(parseVmStat(record.output) ?? ram.free) }, probes: [record] };
}

/** For whoever reads it, and a clipboard. */
const longestOutput = 8000;

const shortened = (record: ProbeRecord): ProbeRecord =>
  record.output.length <= longestOutput ? record : { ...record, output: `${record.output.slice(0, longestOutput)} …` };
