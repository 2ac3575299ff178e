import { expect, test } from 'vitest';
import { driverTraces, isSoftwareDriver } from './softwareDriver';

const lavapipe = '/usr/lib/x86_64-linux-gnu/libvulkan_lvp.so';
const radv = '/usr/lib/x86_64-linux-gnu/libvulkan_radeon.so';

test.each([
  ['lavapipe alone', { libraries: [lavapipe], openFiles: ['/dev/null'] }],
  ['SwiftShader', { libraries: ['/opt/deskmate/libvk_swiftshader.so'], openFiles: [] }],
  ['lavapipe, and a driver of NVIDIA that found no GPU', { libraries: [lavapipe], openFiles: ['/dev/nvidiactl'] }],
])('%s computes on the CPU', (_, traces) => {
  expect(isSoftwareDriver(traces)).toBe(true);
});

test.each([
  ['a card of AMD beside lavapipe', { libraries: [lavapipe, radv], openFiles: ['/dev/dri/renderD128'] }],
  ['a card of NVIDIA', { libraries: [lavapipe], openFiles: ['/dev/nvidiactl', '/dev/nvidia0'] }],
  ['Windows’ GPU in WSL', { libraries: [lavapipe], openFiles: ['/dev/dxg'] }],
  ['what leaves no traces', { libraries: [], openFiles: [] }],
])('%s does not', (_, traces) => {
  expect(isSoftwareDriver(traces)).toBe(false);
});

test.runIf(process.platform === 'linux')('this process has open files and libraries', async () => {
  const { openFiles, libraries } = await driverTraces();
  expect(openFiles).toContain('/dev/null');
  expect(libraries.some((file) => file.includes('/libc.'))).toBe(true);
});
