import { expect, test } from 'vitest';
import { parseSystemProfiler } from './systemProfiler';

test('a MacBook Pro of 2019', () => {
  const output = JSON.stringify({
    SPDisplaysDataType: [
      {
        _name: 'kHW_IntelUHDGraphics630Item',
        spdisplays_vram_shared: '1536 MB',
        spdisplays_vendor: 'Intel',
        sppci_model: 'Intel UHD Graphics 630',
      },
      {
        _name: 'kHW_AMDRadeonPro5300MItem',
        spdisplays_vram: '4 GB',
        spdisplays_vendor: 'sppci_vendor_amd',
        sppci_model: 'AMD Radeon Pro 5300M',
      },
    ],
  });
  expect(parseSystemProfiler(output)).toMatchObject([
    { name: 'Intel UHD Graphics 630', vendor: 'intel', kind: 'integrated', vramTotal: null },
    { name: 'AMD Radeon Pro 5300M', vendor: 'amd', kind: 'discrete', vramTotal: 4 * 2 ** 30, vramFree: null },
  ]);
});

test('older names and sizes', () => {
  const output = JSON.stringify({
    SPDisplaysDataType: [
      { sppci_model: 'ATI Radeon HD 5770', spdisplays_vram: '1024 MB' },
      { sppci_model: 'NVIDIA GeForce GT 750M', spdisplays_vendor: 'NVIDIA (0x10de)', spdisplays_vram: '2048 MB' },
      { spdisplays_vram: 'viel' },
    ],
  });
  expect(parseSystemProfiler(output)).toMatchObject([
    { vendor: 'amd', vramTotal: 2 ** 30 },
    { vendor: 'nvidia', vramTotal: 2 ** 31 },
    { name: null, vendor: 'other', vramTotal: null },
  ]);
});

test.each(['', 'system_profiler: command not found', '[]', '{"SPDisplaysDataType":7}'])('%j is no GPU', (output) => {
  expect(parseSystemProfiler(output)).toEqual([]);
});
