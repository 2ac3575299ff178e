import { captureCommand } from '../captureCommand';

/** Debian packages on this machine, with their versions; what a package provides counts as installed too. */
export type InstalledPackages = ReadonlyMap<string, string>;

/** Asks dpkg for every installed package. */
export async function installedPackages(): Promise<InstalledPackages> {
  const format = '${db:Status-Abbrev}\t${Package}\t${Version}\t${Provides}\n';
  return parseInstalled(await captureCommand('dpkg-query', ['--show', '--showformat', format]));
}

/** Reads lines of `status, package, version, provides`; only status `ii` is installed. */
export function parseInstalled(output: string): InstalledPackages {
  const found = new Map<string, string>();
  for (const line of output.split('\n')) {
    const [status = '', name = '', version = '', provides = ''] = line.split('\t');
    if (!status.startsWith('ii')) continue;
    for (const provided of provides.split(',')) found.set(provided.replace(/\(.*\)/, '').trim(), version);
    found.set(name, version);
  }
  return found;
}

/** Those of `wanted` that are absent. A want may name alternatives as Debian does, best first: `a | b`. */
export function missingPackages(wanted: readonly string[], installed: InstalledPackages): string[] {
  return wanted
    .map((want) => want.split(' | '))
    .filter((alternatives) => !alternatives.some((name) => installed.has(name)))
    .map(([best]) => best!); // split never returns an empty list
}
