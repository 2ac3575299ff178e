import { z } from 'zod';
import type { ProbeRecord } from '../../shared/hardware';
import { kindOf, vendorOfPciId, type FoundGpu } from './foundGpu';
import type { RunProbe } from './runProbe';
import { pciIdOfDevice } from './windowsRegistry';

/** Classes of CIM, unlike the paths of performance counters, have the same name in every language. AdapterRAM is not asked: it has
 *  32 bits. */
const script = `
$ErrorActionPreference = 'SilentlyContinue'; $ProgressPreference = 'SilentlyContinue'
[Console]::OutputEncoding = [Text.Encoding]::UTF8
$adapters = Get-CimInstance Win32_VideoController | ForEach-Object {
  $place = Get-PnpDeviceProperty -InstanceId $_.PNPDeviceID -KeyName DEVPKEY_Device_BusNumber, DEVPKEY_Device_Address
  [pscustomobject]@{ name = $_.Name; device = $_.PNPDeviceID; driver = $_.DriverVersion
    bus = ($place | Where-Object KeyName -eq DEVPKEY_Device_BusNumber).Data
    address = ($place | Where-Object KeyName -eq DEVPKEY_Device_Address).Data } }
$memory = Get-CimInstance Win32_PerfFormattedData_GPUPerformanceCounters_GPUAdapterMemory | ForEach-Object {
  [pscustomobject]@{ name = $_.Name; used = $_.DedicatedUsage } }
@{ adapters = @($adapters); memory = @($memory) } | ConvertTo-Json -Compress -Depth 3`;

const Answer = z.object({
  adapters: z.array(
    z.object({
      name: z.string().nullish(),
      device: z.string(),
      driver: z.string().nullish(),
      bus: z.number().nullish().catch(null),
      address: z.number().nullish().catch(null),
    }),
  ),
  memory: z.array(z.object({ name: z.string(), used: z.number() })),
});

export type WindowsAdapters = {
  gpus: FoundGpu[];
  /** Bytes of their own memory in use, by the number that names an adapter until the next start. */
  usedByLuid: ReadonlyMap<number, number>;
};

/** The graphics that are in the computer now, with the memory in use. */
export async function windowsAdapters(run: RunProbe): Promise<WindowsAdapters & { probes: ProbeRecord[] }> {
  const record = await run('powershell', ['-NoProfile', '-NonInteractive', '-Command', script]);
  return { ...parseAdapters(record.output), probes: [{ ...record, probe: 'powershell Get-CimInstance …' }] };
}

/** Empty where `output` is not the script's. */
export function parseAdapters(output: string): WindowsAdapters {
  const answer = Answer.safeParse(parseJson(output));
  if (!answer.success) return { gpus: [], usedByLuid: new Map() };
  const { adapters, memory } = answer.data;
  const used = memory.flatMap(({ name, used }) => {
    const luid = luidIn(name);
    return luid === null ? [] : ([[luid, used]] as const);
  });
  return { gpus: adapters.flatMap(gpuOf), usedByLuid: new Map(used) };
}

function gpuOf({ name, device, driver, bus, address }: z.infer<typeof Answer>['adapters'][number]): FoundGpu[] {
  const pciId = pciIdOfDevice(device);
  const vendor = vendorOfPciId(pciId);
  if (vendor === 'other') return []; // a virtual or remote screen
  const pciAddress = addressOf(bus, address);
  return [
    {
      name: name ?? null,
      vendor,
      kind: kindOf(vendor, pciAddress),
      vramTotal: null,
      vramFree: null,
      driver: driver ?? null,
      source: 'cim',
      pciAddress,
      pciId,
    },
  ];
}

/** The address has the device in its upper 16 bits and the function in its lower. */
function addressOf(bus: number | null | undefined, address: number | null | undefined): string | null {
  if (typeof bus !== 'number' || typeof address !== 'number') return null;
  const [device, part] = [address >>> 16, address & 0xffff];
  const hexadecimal = (value: number) => value.toString(16).padStart(2, '0');
  return `0000:${hexadecimal(bus)}:${hexadecimal(device)}.${part}`;
}

/** `luid_0x00000000_0x0000B7D5_phys_0`: upper and lower half. */
function luidIn(name: string): number | null {
  const [, high, low] = /^luid_0x([\da-f]+)_0x([\da-f]+)_phys_\d+$/i.exec(name) ?? [];
  return high === undefined ? null : Number(`0x${high}`) * 2 ** 32 + Number(`0x${low}`);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null; // a message instead of an answer
  }
}
