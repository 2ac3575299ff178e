import type { Gpu } from '../../shared/hardware';
import { kindOf, vendorOfPciId, type Found, type FoundGpu } from './foundGpu';
import type { RunProbe } from './runProbe';

/** Names of the graphics on the PCI bus, with a driver or without one. */
export async function lspciGpus(run: RunProbe): Promise<Found> {
  const record = await run('lspci', ['-D', '-mm', '-nn']);
  return { gpus: parseLspci(record.output), probes: [{ ...record, output: displayLines(record.output).join('\n') }] };
}

/** Lines of `address "class [id]" "maker [id]" "chip [id]" …`, here those of the makers of GPUs. */
export function parseLspci(output: string): FoundGpu[] {
  return displayLines(output).flatMap((line) => {
    const [, address] = /^([\da-f]{4}:[\da-f]{2}:[\da-f]{2}\.\d) /.exec(line) ?? [];
    const [, makerText, chip] = [...line.matchAll(/"([^"]*)"/g)].map(([, text]) => text!);
    const [makerId, chipId] = [idIn(makerText), idIn(chip)];
    if (address === undefined || makerId === null || chipId === null) return [];
    const pciId = `${makerId}:${chipId}`;
    const vendor = vendorOfPciId(pciId);
    const maker = makers[vendor];
    if (maker === undefined) return [];
    return {
      name: `${maker} ${productOf(chip!)}`,
      vendor,
      kind: kindOf(vendor, address),
      vramTotal: null,
      vramFree: null,
      driver: null,
      source: 'lspci',
      pciAddress: address,
      pciId,
    };
  });
}

/** Class 03 of PCI: displays, 3D controllers among them. The rest of the bus is nobody's business. */
const displayLines = (output: string): string[] =>
  output.split(/\r?\n/).filter((line) => /^\S+ "[^"]*\[03[\da-f]{2}\]"/.test(line));

const idIn = (text: string | undefined): string | null => /\[([\da-f]{4})\]$/.exec(text ?? '')?.[1] ?? null;

const makers: Readonly<Partial<Record<Gpu['vendor'], string>>> = { nvidia: 'NVIDIA', amd: 'AMD', intel: 'Intel' };

/** `AD102 [GeForce RTX 4090] [2684]` → `GeForce RTX 4090`: what is sold is in brackets, if it has a name. */
function productOf(chip: string): string {
  const name = chip.replace(/ \[[\da-f]{4}\]$/, '');
  return /\[(.+)\]$/.exec(name)?.[1] ?? name;
}
