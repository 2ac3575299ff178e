import { expect, test } from 'vitest';
import { directXGpus, displayClassGpus, parseDirectX, parseDisplayClass, pciIdOfDevice } from './windowsRegistry';

const classKey = String.raw`HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Control\Class\{4d36e968-e325-11ce-bfc1-08002be10318}`;
const directXKey = String.raw`HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\DirectX`;
const key = (path: string, ...values: string[]) => [path, ...values.map((value) => `    ${value}`), ''].join('\r\n');

/** A driver's key, cut to what is looked at and what must not be. */
const driver = ({ number, name, device, memory }: Record<'number' | 'name' | 'device' | 'memory', string>) =>
  key(
    `${classKey}\\${number}`,
    `DriverDesc    REG_SZ    ${name}`,
    `DriverVersion    REG_SZ    32.0.15.6094`,
    `MatchingDeviceId    REG_SZ    PCI\\${device}`,
    'HardwareInformation.MemorySize    REG_DWORD    0xfffff000',
    ...(memory === '' ? [] : [`HardwareInformation.qwMemorySize    ${memory}`]),
  );

test.each([
  ['NVIDIA GeForce GTX 1650', 'VEN_10DE&DEV_1F82', { memory: 'REG_QWORD    0x100000000', vramTotal: 4 * 2 ** 30 }],
  ['AMD Radeon RX 6600', 'ven_1002&dev_73ff&rev_c7', { memory: 'REG_QWORD    0x1ff000000', vramTotal: 8_573_157_376 }],
  ['NVIDIA GeForce RTX 4070', 'ven_10de&dev_2786', { memory: 'REG_QWORD    0x2ff000000', vramTotal: 12_868_124_672 }],
  [
    'Intel(R) Arc(TM) A770',
    'VEN_8086&DEV_56A0',
    { memory: 'REG_BINARY    000000FC03000000', vramTotal: 17_112_760_320 },
  ],
  ['AMD Radeon RX 7900 XTX', 'ven_1002&dev_744c', { memory: 'REG_QWORD    0x5fe000000', vramTotal: 25_736_249_344 }],
  ['Intel(R) UHD Graphics 770', 'VEN_8086&DEV_4680', { memory: '', vramTotal: null }],
])('%s has its whole memory', (name, device, { memory, vramTotal }) => {
  expect(parseDisplayClass(driver({ number: '0000', name, device, memory }))).toMatchObject([
    { name, vramTotal, vramFree: null, driver: '32.0.15.6094', source: 'registry' },
  ]);
});

test('two GPUs, a remote screen and the keys below', () => {
  const output = [
    driver({
      number: '0000',
      name: 'AMD Radeon(TM) Graphics',
      device: 'VEN_1002&DEV_164E',
      memory: 'REG_QWORD    0x20000000',
    }),
    driver({
      number: '0001',
      name: 'NVIDIA GeForce RTX 3090',
      device: 'VEN_10DE&DEV_2204',
      memory: 'REG_QWORD    0x600000000',
    }),
    key(
      String.raw`${classKey}\0002`,
      'DriverDesc    REG_SZ    Microsoft Remote Display Adapter',
      'MatchingDeviceId    REG_SZ    RdpIdd_IndirectDisplay',
    ),
    key(String.raw`${classKey}\0001\VolatileSettings`, String.raw`MatchingDeviceId    REG_SZ    PCI\VEN_10DE&DEV_2204`),
    'ERROR: Access is denied.',
  ].join('\r\n');
  expect(parseDisplayClass(output)).toMatchObject([
    { vendor: 'amd', kind: null, vramTotal: 512 * 2 ** 20, pciId: '1002:164e' },
    { vendor: 'nvidia', kind: 'discrete', vramTotal: 24 * 2 ** 30, pciId: '10de:2204' },
  ]);
});

const adapter = (guid: string, ...values: string[]) =>
  key(String.raw`${directXKey}\{${guid}}`, ...values, 'DedicatedVideoMemory    REG_QWORD    0x2f8000000');

const list = [
  key(directXKey, 'Version    REG_SZ    4.09.00.0904', 'LastSeen    REG_QWORD    0x1db0a1b2c3d4e5f'),
  adapter(
    'a',
    'Description    REG_SZ    NVIDIA GeForce RTX 4070',
    'VendorId    REG_DWORD    0x10de',
    'DeviceId    REG_DWORD    0x2786',
    'SoftwareAdapter    REG_DWORD    0x0',
    'AdapterLuid    REG_QWORD    0xb7d5',
    'LastSeen    REG_QWORD    0x1db0a1b2c3d4e5f',
  ),
  adapter(
    'b', // was taken out
    'Description    REG_SZ    NVIDIA GeForce GTX 970',
    'VendorId    REG_DWORD    0x10de',
    'DeviceId    REG_DWORD    0x13c2',
    'LastSeen    REG_QWORD    0x1d90000000000000',
  ),
  adapter(
    'c',
    'Description    REG_SZ    Microsoft Basic Render Driver',
    'VendorId    REG_DWORD    0x1414',
    'DeviceId    REG_DWORD    0x8c',
    'SoftwareAdapter    REG_DWORD    0x1',
    'LastSeen    REG_QWORD    0x1db0a1b2c3d4e5f',
  ),
].join('\r\n');

test('DXGI’s list without what was taken out and what computes on the CPU', () => {
  expect(parseDirectX(list)).toMatchObject([
    { name: 'NVIDIA GeForce RTX 4070', vramTotal: 12_750_684_160, source: 'dxgi', pciId: '10de:2786', luid: 0xb7d5 },
  ]);
});

test.each(['', 'ERROR: The system was unable to find the specified registry key or value.\r\n', '\ufffd\u0000'])(
  '%j is no GPU',
  (output) => {
    expect(parseDisplayClass(output)).toEqual([]);
    expect(parseDirectX(output)).toEqual([]);
  },
);

test('devices have their chip in their name', () => {
  expect(pciIdOfDevice(String.raw`PCI\VEN_10DE&DEV_2684&SUBSYS_167C10DE&REV_A1\4&2283F625&0&0019`)).toBe('10de:2684');
  expect(pciIdOfDevice(String.raw`ROOT\BASICDISPLAY\0000`)).toBeNull();
  expect(pciIdOfDevice(null)).toBeNull();
});

test('of hundreds of values those are kept that were looked at; a failure is kept whole', async () => {
  const answer = (output: string) => () =>
    Promise.resolve({ probe: 'reg', outcome: 'answered' as const, output, milliseconds: 1 });
  const found = await displayClassGpus(
    answer(
      driver({
        number: '0000',
        name: 'AMD Radeon RX 6600',
        device: 'ven_1002&dev_73ff',
        memory: 'REG_QWORD    0x1ff000000',
      }),
    ),
  );
  expect(found.probes[0]!.output.split('\n')).toEqual([
    String.raw`${classKey}\0000`,
    '    DriverDesc: AMD Radeon RX 6600',
    '    DriverVersion: 32.0.15.6094',
    String.raw`    MatchingDeviceId: PCI\ven_1002&dev_73ff`,
    '    HardwareInformation.qwMemorySize: 8573157376',
  ]);
  expect((await directXGpus(answer('ERROR: Access is denied.'))).probes[0]!.output).toBe('ERROR: Access is denied.');
});
