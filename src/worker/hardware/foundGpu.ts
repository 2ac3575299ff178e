import type { Gpu, ProbeRecord } from '../../shared/hardware';

/** A GPU as one source sees it, with what tells whether another source sees the same one. Null where the source does not tell. */
export type FoundGpu = Omit<Gpu, 'name'> & {
  name: string | null;
  /** As Linux writes it: `0000:01:00.0`. */
  pciAddress: string | null;
  /** Vendor and device, as `10de:2684`. */
  pciId: string | null;
};

/** What one source found, and what it was asked. */
export type Found = { gpus: FoundGpu[]; probes: ProbeRecord[] };

/** Makes one list of several sources, the most trusted first. The same GPU is listed once, with the facts of the most trusted
 *  source that has them. */
export function mergeGpus(sources: readonly (readonly FoundGpu[])[]): Gpu[] {
  const merged: FoundGpu[] = [];
  for (const source of sources) {
    const seen = new Set<number>(); // a source lists each GPU once, so two alike are two
    for (const gpu of source) {
      const index = merged.findIndex((known, at) => !seen.has(at) && isSame(known, gpu));
      if (index === -1) seen.add(merged.push(gpu) - 1);
      else {
        seen.add(index);
        merged[index] = fillIn(merged[index]!, gpu);
      }
    }
  }
  return merged.map(described);
}

/** The address decides where both have one; otherwise the chip, otherwise the name. */
function isSame(a: FoundGpu, b: FoundGpu): boolean {
  if (a.pciAddress !== null && b.pciAddress !== null) return a.pciAddress === b.pciAddress;
  if (a.pciId !== null && b.pciId !== null) return a.pciId === b.pciId;
  return a.vendor === b.vendor && a.name !== null && b.name !== null && a.name === b.name;
}

const fillIn = (known: FoundGpu, other: FoundGpu): FoundGpu => ({
  ...known,
  name: known.name ?? other.name,
  kind: known.kind ?? other.kind,
  vramTotal: known.vramTotal ?? other.vramTotal,
  vramFree: known.vramFree ?? other.vramFree,
  driver: known.driver ?? other.driver,
  pciAddress: known.pciAddress ?? other.pciAddress,
  pciId: known.pciId ?? other.pciId,
});

const vendorNames = { nvidia: 'NVIDIA', amd: 'AMD', intel: 'Intel', apple: 'Apple', other: 'Unknown' } as const;

function described({ name, vendor, kind, vramTotal, vramFree, driver, source, pciId }: FoundGpu): Gpu {
  const chip = pciId === null ? '' : ` (${pciId})`;
  return { name: name ?? `${vendorNames[vendor]} GPU${chip}`, vendor, kind, vramTotal, vramFree, driver, source };
}

/** By the number that PCI gives each maker. */
export const vendorOfPciId = (pciId: string | null): Gpu['vendor'] =>
  vendorsByNumber[pciId?.slice(0, 4) ?? ''] ?? 'other';

const vendorsByNumber: Readonly<Record<string, Gpu['vendor']>> = { '10de': 'nvidia', '1002': 'amd', '8086': 'intel' };

/** Intel's processors have their graphics at one place, where no card can be. Source: i915 and xe of Linux, which ask the same. */
const intelGraphicsAddress = '0000:00:02.0';

/** What maker and place say of the kind; null where they say nothing, as for AMD, whose processors and cards are alike in both. */
export function kindOf(vendor: Gpu['vendor'], pciAddress: string | null): Gpu['kind'] {
  if (pciAddress === null) return null;
  if (vendor === 'intel') return pciAddress === intelGraphicsAddress ? 'integrated' : 'discrete';
  return vendor === 'nvidia' ? 'discrete' : null;
}
