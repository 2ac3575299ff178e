import { spawnSync } from 'node:child_process';
import fs from 'node:fs';

/** Whether packages come from apt here: Debian and what descends from it. */
export const hasApt = () => fs.existsSync('/usr/bin/apt-get') && fs.existsSync('/usr/bin/dpkg-query');

/** Whether we may install packages ourselves. */
export const isRoot = () => process.getuid?.() === 0;

/** The command a person types to install `packages`. @param {readonly string[]} packages */
export const aptCommand = (packages) => `sudo apt-get install -y --no-install-recommends ${packages.join(' ')}`;

/**
 * Installs Debian packages as root, quietly; throws with apt's own words when it cannot.
 *
 * @param {readonly string[]} packages
 * @param {string} [release] the suite to prefer, such as `bookworm-backports`
 */
export function aptInstall(packages, release) {
  aptGet(['update']);
  const target = release === undefined ? [] : ['--target-release', release];
  aptGet(['install', '--yes', '--no-install-recommends', ...target, ...packages]);
}

/** @param {readonly string[]} args */
function aptGet(args) {
  // The lock: another apt may be at work; the retries: one lost packet is no reason to give up.
  const options = ['-qq', '-o', 'DPkg::Lock::Timeout=300', '-o', 'Acquire::Retries=3'];
  const { status, stdout, stderr } = spawnSync('apt-get', [...options, ...args], {
    encoding: 'utf8',
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    maxBuffer: 64 * 1024 * 1024,
  });
  if (status !== 0) throw new Error(`apt-get ${args.join(' ')} failed:\n${(stdout + stderr).trim().slice(-2000)}`);
}
