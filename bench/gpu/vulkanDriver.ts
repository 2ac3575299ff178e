import { existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Failure } from '../../scripts/failure';
import { vulkanEnvironment } from '../../scripts/vulkanEnvironment';

/** A way to run WebGPU, not yet tried. */
export type VulkanDriver = {
  /** The JSON file by which Vulkan's loader knows it. */
  manifest: string;
  isSoftware: boolean;
  /** What a process needs to find it. */
  environment: Record<string, string>;
};

export type DriverWish = {
  /** Mesa's driver on the CPU, to try the benchmark itself. */
  allowsSoftware: boolean;
  /** Where a bundle brings Vulkan's loader, for machines without one. */
  loaderFolder: string | null;
};

const manifestFolders = ['/etc/vulkan/icd.d', '/usr/local/share/vulkan/icd.d', '/usr/share/vulkan/icd.d'];
const nvidiaFolder = '/usr/local/nvidia'; // where container runtimes put NVIDIA's driver
const libraryFolders = ['/usr/lib/x86_64-linux-gnu', '/usr/lib/aarch64-linux-gnu', '/usr/lib64', '/usr/lib'];
const nvidiaLibraryFolders = [`${nvidiaFolder}/lib64`, `${nvidiaFolder}/lib`];
const loader = 'libvulkan.so.1';

/** Drivers of the GPUs in this Linux machine, best first. Throws a Failure that says what is missing. */
export function findVulkanDrivers({ allowsSoftware, loaderFolder }: DriverWish): VulkanDriver[] {
  const environment = libraryEnvironment(loaderFolder);
  const chosen = process.env['VK_DRIVER_FILES'] ?? vulkanEnvironmentFor(allowsSoftware)['VK_DRIVER_FILES'];
  const manifests = chosen === undefined ? hardwareManifests() : chosen.split(':').slice(0, 1);
  if (manifests.length === 0) throw new Failure(whatIsMissing());
  const drivers = manifests.map((manifest) => ({
    manifest,
    isSoftware: /lvp_icd|swiftshader/.test(path.basename(manifest)),
    environment: { XDG_RUNTIME_DIR: os.tmpdir(), ...environment, VK_DRIVER_FILES: manifest },
  }));
  if (drivers.some(({ isSoftware }) => isSoftware) && !allowsSoftware)
    throw new Failure(
      'VK_DRIVER_FILES names a driver that computes on the CPU. To try the benchmark with it, add --software.',
    );
  return drivers;
}

const vulkanEnvironmentFor = (allowsSoftware: boolean): Record<string, string> =>
  allowsSoftware ? vulkanEnvironment() : {};

/** Throws a Failure when neither the system nor a bundle has Vulkan's loader. */
function libraryEnvironment(loaderFolder: string | null): Record<string, string> {
  const before = process.env['LD_LIBRARY_PATH']?.split(':') ?? [];
  const added = nvidiaLibraryFolders.filter((folder) => existsSync(folder));
  if (![...before, ...added, ...libraryFolders].some(has(loader))) {
    if (loaderFolder === null || !has(loader)(loaderFolder))
      throw new Failure(
        `Vulkan's loader, ${loader}, is missing. Install it (Debian, Ubuntu: apt-get install libvulkan1).`,
      );
    added.push(loaderFolder);
  }
  return added.length === 0 ? {} : { LD_LIBRARY_PATH: [...before, ...added].join(':') };
}

const has = (file: string) => (folder: string) => existsSync(path.join(folder, file));

/** NVIDIA first: where there are several GPUs, it is the one a person bought for this. */
function hardwareManifests(): string[] {
  const vendors = cardVendors();
  return [
    ...(hasNvidia() ? [...manifestsNamed(/nvidia/), ...ownNvidiaManifests()] : []),
    ...(vendors.has('0x1002') ? manifestsNamed(/radeon|amd/) : []),
    ...(vendors.has('0x8086') ? manifestsNamed(/^intel_icd/) : []),
  ];
}

const hasNvidia = (): boolean => ['/dev/nvidiactl', '/proc/driver/nvidia/version'].some((file) => existsSync(file));

function manifestsNamed(pattern: RegExp): string[] {
  return [...manifestFolders, `${nvidiaFolder}/share/vulkan/icd.d`, `${nvidiaFolder}/etc/vulkan/icd.d`]
    .filter((folder) => existsSync(folder))
    .flatMap((folder) => readdirSync(folder).map((name) => path.join(folder, name)))
    .filter((file) => file.endsWith('.json') && pattern.test(path.basename(file)));
}

/** Containers often have NVIDIA's libraries without their manifest; the one for EGL needs no libraries of X. */
function ownNvidiaManifests(): string[] {
  const libraries = ['libGLX_nvidia.so.0', 'libEGL_nvidia.so.0'].flatMap((name) =>
    [...nvidiaLibraryFolders, ...libraryFolders].filter(has(name)).map((folder) => path.join(folder, name)),
  );
  const folder = mkdtempSync(path.join(os.tmpdir(), 'deskmate-vulkan-'));
  return libraries.map((library_path, index) => {
    const file = path.join(folder, `own_nvidia_icd_${index}.json`);
    writeFileSync(file, JSON.stringify({ file_format_version: '1.0.0', ICD: { library_path, api_version: '1.3.0' } }));
    return file;
  });
}

/** PCI vendors of the cards that Linux has a driver for. */
function cardVendors(): ReadonlySet<string> {
  const folder = '/sys/class/drm';
  const cards = existsSync(folder) ? readdirSync(folder).filter((name) => /^card\d+$/.test(name)) : [];
  const files = cards.map((card) => path.join(folder, card, 'device', 'vendor')).filter((file) => existsSync(file));
  return new Set(files.map((file) => readFileSync(file, 'utf8').trim()));
}

function whatIsMissing(): string {
  if (hasNvidia())
    return `An NVIDIA GPU is here, but not the Vulkan part of its driver: no nvidia_icd.json and no libGLX_nvidia.so.0.
Install it (Debian: apt-get install nvidia-vulkan-icd); a container must be started with the capability "graphics".`;
  const vendors = cardVendors();
  if (vendors.has('0x1002') || vendors.has('0x8086'))
    return `A GPU is here, but not its Vulkan driver. Install it (Debian, Ubuntu: apt-get install mesa-vulkan-drivers).`;
  return `No GPU was found: NVIDIA's kernel driver is not loaded, and no card in /sys/class/drm is AMD's or Intel's.
To try the benchmark itself with Mesa's driver on the CPU (Debian, Ubuntu: mesa-vulkan-drivers), add --software --layers 1 --chunk 31.`;
}
