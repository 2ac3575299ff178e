import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { SourceFile } from './backportsSource';

/** Every source file that apt reads on this machine. */
export function aptSources(): SourceFile[] {
  const folder = '/etc/apt/sources.list.d';
  const names = existsSync(folder) ? readdirSync(folder).filter((name) => /\.(sources|list)$/.test(name)) : [];
  return ['/etc/apt/sources.list', ...names.map((name) => path.join(folder, name))]
    .filter((file) => existsSync(file))
    .map((file) => ({ path: file, text: readFileSync(file, 'utf8') }));
}

/** The release's code name, such as `bookworm`; empty where there is none. */
export function releaseCodename(): string {
  const text = existsSync('/etc/os-release') ? readFileSync('/etc/os-release', 'utf8') : '';
  return /^VERSION_CODENAME="?([\w-]+)"?$/m.exec(text)?.[1] ?? '';
}
