import { expect, test } from 'vitest';
import { lspciGpus, parseLspci } from './lspci';

// A notebook with graphics in its processor and a card.
const printed = `0000:00:00.0 "Host bridge [0600]" "Intel Corporation [8086]" "12th Gen Core Processor Host Bridge [4641]" -r02 -p00 "Lenovo [17aa]" "Device [22d4]"
0000:00:02.0 "VGA compatible controller [0300]" "Intel Corporation [8086]" "Alder Lake-P GT2 [Iris Xe Graphics] [46a6]" -r0c -p00 "Lenovo [17aa]" "Device [22d4]"
0000:01:00.0 "3D controller [0302]" "NVIDIA Corporation [10de]" "GA107M [GeForce RTX 3050 Ti Mobile] [25a0]" -ra1 -p00 "Lenovo [17aa]" "Device [22d4]"
`;

test('the graphics of a notebook, by the names under which they are sold', () => {
  expect(parseLspci(printed)).toMatchObject([
    { name: 'Intel Iris Xe Graphics', kind: 'integrated', pciAddress: '0000:00:02.0', pciId: '8086:46a6' },
    { name: 'NVIDIA GeForce RTX 3050 Ti Mobile', kind: 'discrete', pciAddress: '0000:01:00.0', vramTotal: null },
  ]);
});

test('a chip without a name of its own', () => {
  const line =
    '0000:03:00.0 "Display controller [0380]" "Advanced Micro Devices, Inc. [AMD/ATI] [1002]" "Raphael [164e]" -rc1 "" ""';
  expect(parseLspci(line)).toMatchObject([{ name: 'AMD Raphael', vendor: 'amd', kind: null, pciId: '1002:164e' }]);
});

test.each([
  '',
  'lspci: Cannot open /sys/bus/pci/devices\n',
  '0000:02:00.0 "VGA compatible controller [0300]" "ASPEED Technology, Inc. [1a03]" "ASPEED Graphics Family [2000]"',
  '0000:02:00.0 "VGA compatible controller [0300]" "Red Hat, Inc. [1af4]" "Virtio 1.0 GPU [1050]"',
  '0000:01:00.0 "VGA compatible controller [0300]" "NVIDIA Corporation',
  '\u0000\ufffd "[0300]" "" ""',
])('%j is no GPU', (output) => {
  expect(parseLspci(output)).toEqual([]);
});

test('of the answer only the graphics are kept', async () => {
  const record = { probe: 'lspci', outcome: 'answered', output: printed, milliseconds: 9 } as const;
  const { probes } = await lspciGpus(() => Promise.resolve(record));
  expect(probes[0]!.output.split('\n')).toHaveLength(2);
  expect(probes[0]!.output).not.toContain('Host bridge');
});
