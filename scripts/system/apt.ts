import { existsSync } from 'node:fs';
import { captureCommand } from '../captureCommand';

/** Whether packages come from apt here: Debian and what descends from it. */
export const hasApt = (): boolean => existsSync('/usr/bin/apt-get') && existsSync('/usr/bin/dpkg-query');

/** Whether we may install packages ourselves. */
export const isRoot = (): boolean => process.getuid?.() === 0;

/** The command a person types to install `packages`. */
export const aptCommand = (packages: readonly string[]): string =>
  `sudo apt-get install -y --no-install-recommends ${packages.join(' ')}`;

/** Installs Debian packages as root, quietly, if need be from another suite than apt would. Throws with apt's own words. */
export async function aptInstall(packages: readonly string[], release?: string): Promise<void> {
  await aptGet(['update']);
  const target = release === undefined ? [] : ['--target-release', release];
  await aptGet(['install', '--yes', '--no-install-recommends', ...target, ...packages]);
}

async function aptGet(args: readonly string[]): Promise<void> {
  // The lock: another apt may be at work; the retries: one lost packet is no reason to give up.
  const options = ['-qq', '-o', 'DPkg::Lock::Timeout=300', '-o', 'Acquire::Retries=3'];
  await captureCommand('apt-get', [...options, ...args], {
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  });
}
