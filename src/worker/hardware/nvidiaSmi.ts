import type { Found, FoundGpu } from './foundGpu';
import type { RunProbe } from './runProbe';

const fields = 'name,memory.total,memory.free,driver_version,pci.bus_id,pci.device_id';

/** NVIDIA's GPUs, as the tool that comes with their driver reports them; none without the driver. */
export async function nvidiaGpus(run: RunProbe): Promise<Found> {
  const record = await run('nvidia-smi', [`--query-gpu=${fields}`, '--format=csv,noheader,nounits']);
  return { gpus: parseNvidiaSmi(record.output), probes: [record] };
}

/** Lines of `name, MiB, MiB, driver, address, chip`, of which the last three may lack. A part that shares the memory of the CPU
 *  has [N/A] for both sizes. Lines that are anything else are messages. */
export function parseNvidiaSmi(output: string): FoundGpu[] {
  return output.split(/\r?\n/).flatMap((line) => {
    const [, name, total, free, rest] = pattern.exec(line) ?? [];
    if (name === undefined) return [];
    const [driver, address, device] = (rest ?? '').split(',').map((field) => field.trim());
    const pciAddress = addressOf(address);
    const vramTotal = bytesOfMebibytes(total!);
    return {
      name,
      vendor: 'nvidia',
      // Chips that share the memory of the CPU have no own to tell of.
      kind: vramTotal === null ? null : 'discrete',
      vramTotal,
      vramFree: bytesOfMebibytes(free!),
      driver: driver !== undefined && /^\d[\d.]*$/.test(driver) ? driver : null,
      source: 'nvidia-smi',
      pciAddress,
      pciId: chipOf(device),
    };
  });
}

const size = String.raw`(\d+(?: MiB)?|N\/A|\[.+?\])`;
const pattern = new RegExp(String.raw`^(\S.*?), ${size}, ${size}(?:, (.*))?\s*$`);

const bytesOfMebibytes = (field: string): number | null =>
  /^\d/.test(field) ? Number.parseInt(field, 10) * 2 ** 20 : null;

/** `00000000:01:00.0`, with four digits more than Linux writes. */
function addressOf(field: string | undefined): string | null {
  const [, address] = /^(?:[\da-f]{4})?([\da-f]{4}:[\da-f]{2}:[\da-f]{2}\.\d)$/i.exec(field ?? '') ?? [];
  return address?.toLowerCase() ?? null;
}

/** `0x268410DE`: device, then vendor. */
function chipOf(field: string | undefined): string | null {
  const [, device, vendor] = /^0x([\da-f]{4})([\da-f]{4})$/i.exec(field ?? '') ?? [];
  return device === undefined ? null : `${vendor}:${device}`.toLowerCase();
}
