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

/** Where a Linux machine tells what it has. */
export type LinuxMachine = { root: string; environment: Readonly<Record<string, string | undefined>> };

const manifestFolders = ['etc/vulkan/icd.d', 'usr/local/share/vulkan/icd.d', 'usr/share/vulkan/icd.d'];
const libraryFolders = ['usr/lib/x86_64-linux-gnu', 'usr/lib/aarch64-linux-gnu', 'usr/lib64', 'usr/lib'];
/** Where container runtimes put NVIDIA's driver. */
const nvidiaManifestFolders = ['usr/local/nvidia/share/vulkan/icd.d', 'usr/local/nvidia/etc/vulkan/icd.d'];
const nvidiaLibraryFolders = ['usr/local/nvidia/lib64', 'usr/local/nvidia/lib'];
const loader = 'libvulkan.so.1';

/** Drivers of the GPUs in this Linux machine, best first. Throws a Failure that says what is missing. */
export function findVulkanDrivers(
  wish: DriverWish,
  machine: LinuxMachine = { root: '/', environment: process.env },
): VulkanDriver[] {
  const libraries = libraryEnvironment(wish.loaderFolder, machine);
  const chosen = machine.environment['VK_DRIVER_FILES'] ?? (wish.allowsSoftware ? softwareManifest() : undefined);
  const manifests = chosen === undefined ? hardwareManifests(machine) : chosen.split(':');
  if (manifests.length === 0) throw new Failure(whatIsMissing(machine));
  const drivers = manifests.map((manifest) => ({
    manifest,
    isSoftware: /lvp_icd|swiftshader/.test(path.basename(manifest)),
    environment: { XDG_RUNTIME_DIR: os.tmpdir(), ...libraries, VK_DRIVER_FILES: manifest },
  }));
  if (drivers.some(({ isSoftware }) => isSoftware) && !wish.allowsSoftware)
    throw new Failure(
      'VK_DRIVER_FILES names a driver that computes on the CPU. To try the benchmark with it, add --software.',
    );
  return drivers;
}

const softwareManifest = (): string | undefined => vulkanEnvironment()['VK_DRIVER_FILES'];

/** Throws a Failure when neither the system nor a bundle has Vulkan's loader. */
function libraryEnvironment(loaderFolder: string | null, { root, environment }: LinuxMachine): Record<string, string> {
  const before = environment['LD_LIBRARY_PATH']?.split(':') ?? [];
  const added = inside(root, nvidiaLibraryFolders).filter((folder) => existsSync(folder));
  if (![...before, ...added, ...inside(root, libraryFolders)].some(has(loader))) {
    if (loaderFolder === null || !has(loader)(loaderFolder))
      throw new Failure(
        `Vulkan's loader, ${loader}, is missing. Install it (Debian, Ubuntu: apt-get install libvulkan1).`,
      );
    added.push(loaderFolder);
  }
  return added.length === 0 ? {} : { LD_LIBRARY_PATH: [...before, ...added].join(':') };
}

const inside = (root: string, folders: readonly string[]): string[] => folders.map((folder) => path.join(root, folder));

const has = (file: string) => (folder: string) => existsSync(path.join(folder, file));

/** NVIDIA first: where there are several GPUs, it is the one a person bought for this. */
function hardwareManifests({ root }: LinuxMachine): string[] {
  const vendors = cardVendors(root);
  const folders = inside(root, manifestFolders);
  const nvidiaFolders = [...folders, ...inside(root, nvidiaManifestFolders)];
  return [
    ...(hasNvidia(root) ? [...manifestsNamed(/nvidia/, nvidiaFolders), ...ownNvidiaManifests(root)] : []),
    ...(vendors.has('0x1002') ? manifestsNamed(/radeon|amd/, folders) : []),
    ...(vendors.has('0x8086') ? manifestsNamed(/^intel_icd/, folders) : []),
  ];
}

const hasNvidia = (root: string): boolean =>
  inside(root, ['dev/nvidiactl', 'proc/driver/nvidia/version']).some((file) => existsSync(file));

const manifestsNamed = (pattern: RegExp, folders: readonly string[]): string[] =>
  folders
    .filter((folder) => existsSync(folder))
    .flatMap((folder) => readdirSync(folder).map((name) => path.join(folder, name)))
    .filter((file) => file.endsWith('.json') && pattern.test(path.basename(file)));

/** Containers often have NVIDIA's libraries without their manifest; the one for EGL needs no libraries of X. */
function ownNvidiaManifests(root: string): string[] {
  const folders = inside(root, [...nvidiaLibraryFolders, ...libraryFolders]);
  const libraries = ['libGLX_nvidia.so.0', 'libEGL_nvidia.so.0'].flatMap((name) =>
    folders.filter(has(name)).map((folder) => path.join(folder, name)),
  );
  const folder = mkdtempSync(path.join(os.tmpdir(), 'deskmate-vulkan-'));
  return libraries.map((library_path, index) => {
    const file = path.join(folder, `own_nvidia_icd_${index}.json`);
    writeFileSync(file, JSON.stringify({ file_format_version: '1.0.0', ICD: { library_path, api_version: '1.3.0' } }));
    return file;
  });
}

/** PCI vendors of the cards that Linux has a driver for. */
function cardVendors(root: string): ReadonlySet<string> {
  const folder = path.join(root, 'sys/class/drm');
  const cards = existsSync(folder) ? readdirSync(folder).filter((name) => /^card\d+$/.test(name)) : [];
  const files = cards.map((card) => path.join(folder, card, 'device', 'vendor')).filter((file) => existsSync(file));
  return new Set(files.map((file) => readFileSync(file, 'utf8').trim()));
}

function whatIsMissing({ root }: LinuxMachine): string {
  if (hasNvidia(root))
    return `An NVIDIA GPU is here, but not the Vulkan part of its driver: no nvidia_icd.json and no libGLX_nvidia.so.0.
Install it (Debian: apt-get install nvidia-vulkan-icd); a container must be started with the capability "graphics".`;
  const vendors = cardVendors(root);
  if (vendors.has('0x1002') || vendors.has('0x8086'))
    return 'A GPU is here, but not its Vulkan driver. Install it (Debian, Ubuntu: apt-get install mesa-vulkan-drivers).';
  return `No GPU was found: NVIDIA's kernel driver is not loaded, and no card in /sys/class/drm is AMD's or Intel's.
To try the benchmark itself with Mesa's driver on the CPU (Debian, Ubuntu: mesa-vulkan-drivers), add --software --layers 1 --chunk 31.`;
}
