import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { captureCommand } from '../captureCommand';
import { Failure, reasonOf } from '../failure';
import { hasApt, isRoot } from '../system/apt';

const loader = 'libvulkan.so.1';
const folders = ['/usr/lib/x86_64-linux-gnu', '/usr/lib/aarch64-linux-gnu', '/usr/lib64', '/usr/lib'];

/** Copies Vulkan's loader into `target`, for machines without one: this machine's own, or Debian's package. */
export async function copyVulkanLoader(target: string): Promise<void> {
  mkdirSync(target, { recursive: true });
  const folder = folders.find((candidate) => existsSync(path.join(candidate, loader)));
  if (folder !== undefined) copyFileSync(path.join(folder, loader), path.join(target, loader));
  else if (hasApt()) await fetchLoader(target);
  else throw new Failure(`Vulkan's loader, ${loader}, is missing. Install it with your package manager.`);
}

/** Unpacks the package instead of installing it, which needs no root. */
async function fetchLoader(target: string): Promise<void> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'deskmate-loader-'));
  const download = () => captureCommand('apt-get', ['-qq', 'download', 'libvulkan1'], { cwd: folder });
  try {
    console.log("Fetching libvulkan1, Vulkan's loader (apt-get).");
    await download().catch(async (error: unknown) => {
      if (!isRoot()) throw new Failure(`${reasonOf(error)}\nRun apt-get update as root, or install libvulkan1.`);
      await captureCommand('apt-get', ['-qq', 'update']); // a fresh container has no lists
      await download();
    });
    const [archive] = readdirSync(folder);
    await captureCommand('dpkg', ['-x', path.join(folder, archive!), folder]);
    const unpacked = folders.find((candidate) => existsSync(path.join(folder, candidate, loader)));
    copyFileSync(path.join(folder, unpacked!, loader), path.join(target, loader));
  } finally {
    rmSync(folder, { recursive: true });
  }
}
