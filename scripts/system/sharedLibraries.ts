import { existsSync } from 'node:fs';
import { captureCommand } from '../captureCommand';

/** Shared libraries an executable links to and this machine lacks, by the names `ldd` gives them. */
export async function missingLibraries(executable: string): Promise<string[]> {
  return parseMissing(await captureCommand('ldd', [executable]));
}

export const parseMissing = (lddOutput: string): string[] =>
  [...lddOutput.matchAll(/^\s*(\S+) => not found$/gm)].map(([, name]) => name!); // the group takes part in every match

/** What a person types to install libraries on a Linux without apt; RPM knows packages by the libraries in them. */
export function installCommand(libraries: readonly string[], has: (program: string) => boolean = existsSync): string {
  const byLibrary = libraries.map((name) => `'${name}()(64bit)'`).join(' ');
  if (has('/usr/bin/dnf')) return `sudo dnf install ${byLibrary}`;
  if (has('/usr/bin/zypper')) return `sudo zypper install ${byLibrary}`;
  if (has('/usr/bin/pacman')) return 'sudo pacman -S --needed gtk3 nss alsa-lib libcups mesa';
  return `your package manager, for: ${libraries.join(', ')}`;
}
