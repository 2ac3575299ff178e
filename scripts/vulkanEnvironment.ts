import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

const driverFolders = ['/usr/share/vulkan/icd.d', '/etc/vulkan/icd.d'];

/**
 * The environment in which tests find lavapipe, Mesa's Vulkan on the CPU, whatever GPU the machine has: so they compute
 * the same everywhere. Empty where lavapipe is not installed, or where the caller already chose a driver.
 */
export function vulkanEnvironment(): Record<string, string> {
  if (process.env['VK_DRIVER_FILES'] !== undefined) return {};
  const driver = driverFolders.flatMap(lavapipeIn)[0];
  if (driver === undefined) return {};
  return { VK_DRIVER_FILES: driver, XDG_RUNTIME_DIR: process.env['XDG_RUNTIME_DIR'] ?? ownRuntimeFolder() };
}

/** Debian calls the file lvp_icd.json, others put the architecture into the name. */
function lavapipeIn(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => /^lvp_icd.*\.json$/.test(name))
    .map((name) => path.join(folder, name));
}

function ownRuntimeFolder(): string {
  const folder = path.join(os.tmpdir(), `deskmate-runtime-${os.userInfo().uid}`);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return folder;
}
