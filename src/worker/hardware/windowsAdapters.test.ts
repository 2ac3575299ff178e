import { expect, test } from 'vitest';
import { parseAdapters, windowsAdapters } from './windowsAdapters';

const printed = JSON.stringify({
  adapters: [
    {
      name: 'NVIDIA GeForce RTX 4060 Laptop GPU',
      device: String.raw`PCI\VEN_10DE&DEV_28E0&SUBSYS_3CB717AA&REV_A1\4&1D81E16&0&0019`,
      driver: '32.0.15.6094',
      bus: 1,
      address: 0,
    },
    {
      name: 'Intel(R) Iris(R) Xe Graphics',
      device: String.raw`PCI\VEN_8086&DEV_A7A0&SUBSYS_3CB717AA&REV_04\3&11583659&0&10`,
      driver: '31.0.101.5333',
      bus: 0,
      address: 131_072,
    },
    { name: 'Parsec 虚拟显示器', device: String.raw`ROOT\DISPLAY\0000`, driver: '0.45.0.0', bus: null, address: null },
  ],
  memory: [
    { name: 'luid_0x00000000_0x0000B7D5_phys_0', used: 1_073_741_824 },
    { name: 'luid_0x00000001_0x0000000A_phys_0', used: 7 },
    { name: '_Total', used: 9 },
  ],
});

test('a notebook with two GPUs and a virtual screen', () => {
  const { gpus, usedByLuid } = parseAdapters(printed);
  expect(gpus).toMatchObject([
    { vendor: 'nvidia', kind: 'discrete', driver: '32.0.15.6094', pciAddress: '0000:01:00.0', pciId: '10de:28e0' },
    { vendor: 'intel', kind: 'integrated', pciAddress: '0000:00:02.0', pciId: '8086:a7a0' },
  ]);
  expect([...usedByLuid]).toEqual([
    [0xb7d5, 1_073_741_824],
    [0x1_0000_000a, 7],
  ]);
});

test('an adapter whose place Windows does not tell', () => {
  const device = String.raw`PCI\VEN_8086&DEV_A7A0`;
  const output = JSON.stringify({ adapters: [{ name: null, device, driver: null, bus: [], address: {} }], memory: [] });
  expect(parseAdapters(output).gpus).toMatchObject([{ name: null, kind: null, driver: null, pciAddress: null }]);
});

test.each(['', 'null', '{"adapters":{}}', '“powershell” 不是内部或外部命令', '{"adapters":[{"name":1}]'])(
  '%j tells nothing',
  (output) => {
    expect(parseAdapters(output)).toEqual({ gpus: [], usedByLuid: new Map() });
  },
);

test('the record names the question without the whole script', async () => {
  const record = { probe: 'powershell -Command …', outcome: 'answered', output: printed, milliseconds: 900 } as const;
  const { gpus, probes } = await windowsAdapters(() => Promise.resolve(record));
  expect(gpus).toHaveLength(2);
  expect(probes).toEqual([{ ...record, probe: 'powershell Get-CimInstance …' }]);
});
