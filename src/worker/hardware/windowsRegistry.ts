import type { ProbeRecord } from '../../shared/hardware';
import { vendorOfPciId, type Found, type FoundGpu } from './foundGpu';
import { numberIn, parseRegQuery, textIn, type RegistryKey } from './regQuery';
import type { RunProbe } from './runProbe';

const displayClass = String.raw`HKLM\SYSTEM\CurrentControlSet\Control\Class\{4d36e968-e325-11ce-bfc1-08002be10318}`;
const displayClassValues = ['DriverDesc', 'DriverVersion', 'MatchingDeviceId', 'HardwareInformation.qwMemorySize'];

const directX = String.raw`HKLM\SOFTWARE\Microsoft\DirectX`;
const directXValues = [
  ...['Description', 'VendorId', 'DeviceId', 'SoftwareAdapter', 'LastSeen'],
  ...['AdapterLuid', 'DedicatedVideoMemory'],
];

/** What drivers told Windows of their GPUs when they were installed, also of those that are no longer there. */
export async function displayClassGpus(run: RunProbe): Promise<Found> {
  const record = await run('reg', ['query', displayClass, '/s']);
  return { gpus: parseDisplayClass(record.output), probes: [concise(record, displayClassValues)] };
}

/** Each driver has a key. The memory is the 64-bit number: the 32-bit ones beside it end at 4 GB. */
export function parseDisplayClass(output: string): FoundGpu[] {
  const drivers = parseRegQuery(output).filter(({ path }) => /\\\d{4}$/.test(path));
  return drivers.flatMap((key) => {
    const pciId = pciIdOfDevice(textIn(key, 'MatchingDeviceId'));
    if (pciId === null) return []; // a virtual screen
    return {
      ...unknownGpu,
      name: textIn(key, 'DriverDesc'),
      vendor: vendorOfPciId(pciId),
      kind: vendorOfPciId(pciId) === 'nvidia' ? 'discrete' : null,
      vramTotal: numberIn(key, 'HardwareInformation.qwMemorySize'),
      driver: textIn(key, 'DriverVersion'),
      source: 'registry',
      pciId,
    };
  });
}

/** A GPU as DXGI lists it; `luid` names it in the performance counters. */
export type DirectXGpu = FoundGpu & { luid: number | null };

/** What DXGI told when it was last asked, kept by Windows. */
export async function directXGpus(run: RunProbe): Promise<{ gpus: DirectXGpu[]; probes: ProbeRecord[] }> {
  const record = await run('reg', ['query', directX, '/s']);
  return { gpus: parseDirectX(record.output), probes: [concise(record, directXValues)] };
}

/** The GPUs that were there the last time: their time is that of the whole list. Source: fastfetch's gpu_windows. */
export function parseDirectX(output: string): DirectXGpu[] {
  const keys = parseRegQuery(output);
  const list = keys.find(({ path }) => /\\DirectX$/i.test(path));
  const lastSeen = list === undefined ? null : numberIn(list, 'LastSeen');
  return keys.flatMap((key) => {
    const pciId = pciIdOfNumbers(key);
    const isThere = lastSeen !== null && numberIn(key, 'LastSeen') === lastSeen;
    if (pciId === null || !isThere || numberIn(key, 'SoftwareAdapter') === 1) return [];
    const vendor = vendorOfPciId(pciId);
    const name = textIn(key, 'Description');
    const vramTotal = numberIn(key, 'DedicatedVideoMemory');
    return { ...unknownGpu, name, vendor, vramTotal, source: 'dxgi', pciId, luid: numberIn(key, 'AdapterLuid') };
  });
}

const unknownGpu: FoundGpu = {
  ...{ name: null, vendor: 'other', kind: null, vramTotal: null, vramFree: null, driver: null },
  ...{ source: 'registry', pciAddress: null, pciId: null },
};

/** `PCI\VEN_10DE&DEV_2684&…`, in either case. */
export function pciIdOfDevice(device: string | null): string | null {
  const [, vendor, chip] = /^pci\\ven_([\da-f]{4})&dev_([\da-f]{4})/i.exec(device ?? '') ?? [];
  return vendor === undefined ? null : `${vendor}:${chip}`.toLowerCase();
}

function pciIdOfNumbers(key: RegistryKey): string | null {
  const numbers = [numberIn(key, 'VendorId'), numberIn(key, 'DeviceId')];
  if (numbers.some((number) => number === null || number > 0xffff)) return null;
  return numbers.map((number) => number!.toString(16).padStart(4, '0')).join(':');
}

/** The record with the values that are looked at; of a driver there are hundreds. What is no list of keys stays as it is. */
function concise(record: ProbeRecord, names: readonly string[]): ProbeRecord {
  const keys = parseRegQuery(record.output);
  if (keys.length === 0) return record;
  const lines = keys.flatMap(({ path, values }) => {
    const wanted = names.filter((name) => values.has(name));
    return wanted.length === 0 ? [] : [path, ...wanted.map((name) => `    ${name}: ${values.get(name)}`)];
  });
  return { ...record, output: lines.join('\n') };
}
