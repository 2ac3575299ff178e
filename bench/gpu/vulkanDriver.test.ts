import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { findVulkanDrivers, type DriverWish, type LinuxMachine } from './vulkanDriver';

const wish: DriverWish = { allowsSoftware: false, loaderFolder: null };
const systemLoader = 'usr/lib/x86_64-linux-gnu/libvulkan.so.1';

/** A machine that has these files, empty but for the vendor of a card. */
function machine(files: readonly string[], environment: LinuxMachine['environment'] = {}): LinuxMachine {
  const root = mkdtempSync(path.join(os.tmpdir(), 'deskmate-machine-'));
  onTestFinished(() => rmSync(root, { recursive: true }));
  for (const entry of files) {
    const [file, content = ''] = entry.split('=');
    mkdirSync(path.dirname(path.join(root, file!)), { recursive: true });
    writeFileSync(path.join(root, file!), content);
  }
  return { root, environment };
}

const manifests = (found: LinuxMachine) =>
  findVulkanDrivers(wish, found).map(({ manifest }) => path.relative(found.root, manifest));

/** Mesa installs the drivers of all its GPUs at once. */
const mesa = ['radeon_icd.json', 'intel_icd.x86_64.json', 'lvp_icd.json'].map(
  (name) => `usr/share/vulkan/icd.d/${name}`,
);
const card = (vendor: string) => `sys/class/drm/card0/device/vendor=${vendor}\n`;

test('of the drivers that Mesa installs, the one whose GPU is there counts', () => {
  expect(manifests(machine([systemLoader, ...mesa, card('0x1002')]))).toEqual([mesa[0]]);
  expect(manifests(machine([systemLoader, ...mesa, card('0x8086')]))).toEqual([mesa[1]]);
});

test.each(['usr/share/vulkan/icd.d', 'etc/vulkan/icd.d', 'usr/local/nvidia/share/vulkan/icd.d'])(
  'NVIDIA’s is found in %s, and comes before others',
  (folder) => {
    const files = [systemLoader, ...mesa, card('0x8086'), 'dev/nvidiactl', `${folder}/nvidia_icd.json`];
    expect(manifests(machine(files))).toEqual([`${folder}/nvidia_icd.json`, mesa[1]]);
  },
);

test('NVIDIA’s libraries without a manifest get one, and their folder is searched', () => {
  const folder = 'usr/local/nvidia/lib64';
  const found = machine([systemLoader, 'dev/nvidiactl', `${folder}/libEGL_nvidia.so.0`], { LD_LIBRARY_PATH: '/opt/x' });
  const [driver] = findVulkanDrivers(wish, found);
  expect(JSON.parse(readFileSync(driver!.manifest, 'utf8'))).toMatchObject({
    ICD: { library_path: path.join(found.root, folder, 'libEGL_nvidia.so.0') },
  });
  expect(driver!.environment['LD_LIBRARY_PATH']).toBe(`/opt/x:${path.join(found.root, folder)}`);
});

test.each([
  ['no GPU', mesa, /No GPU was found/],
  ['NVIDIA’s kernel driver alone', ['dev/nvidiactl'], /NVIDIA GPU is here, but not the Vulkan part of its driver/],
  ['an AMD card alone', [card('0x1002')], /mesa-vulkan-drivers/],
] as const)('with %s it says what is missing', (_, files, message) => {
  expect(() => findVulkanDrivers(wish, machine([systemLoader, ...files]))).toThrow(message);
});

test('without Vulkan’s loader it uses the bundle’s, or says so', () => {
  const files = [...mesa, card('0x1002')];
  expect(() => findVulkanDrivers(wish, machine(files))).toThrow(/libvulkan.so.1, is missing/);
  const bundle = machine(['lib/libvulkan.so.1']);
  const loaderFolder = path.join(bundle.root, 'lib');
  const [driver] = findVulkanDrivers({ ...wish, loaderFolder }, machine(files));
  expect(driver!.environment['LD_LIBRARY_PATH']).toBe(loaderFolder);
});

test('a driver that the caller chose is taken, one on the CPU only when asked for', () => {
  const found = machine([systemLoader], { VK_DRIVER_FILES: '/x/lvp_icd.json' });
  expect(() => findVulkanDrivers(wish, found)).toThrow(/--software/);
  const [driver] = findVulkanDrivers({ ...wish, allowsSoftware: true }, found);
  expect(driver).toMatchObject({ manifest: '/x/lvp_icd.json', isSoftware: true });
});
