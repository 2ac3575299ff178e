import { existsSync, readFileSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Failure, reasonOf } from '../failure';
import type { ElectronRuntime } from './runtime';

/** What installing the official runtime needs of the world. */
export interface OfficialEdges {
  /** The installed `electron` package. */
  readonly packageFolder: string;
  readonly cacheFolder: string;
  /** Runs the package's own download, which leaves the runtime in the package's `dist`. Throws when it cannot. */
  readonly download: () => Promise<void>;
  /** ELECTRON_MIRROR is set: a failure of yesterday says nothing about this place. */
  readonly hasMirror: boolean;
  readonly now: () => number;
  readonly say: (line: string) => void;
}

const dayMs = 24 * 60 * 60 * 1000;

/** The runtime of the installed `electron` package, downloaded on first use. A failed download is not tried again for a day. */
export async function officialRuntime(edges: OfficialEdges): Promise<ElectronRuntime> {
  const installed = findInstalled(edges.packageFolder);
  if (installed !== undefined) return installed;
  const version = packageVersion(edges.packageFolder);
  const note = path.join(edges.cacheFolder, `electron-${version}-unreachable.txt`);
  if (!edges.hasMirror && failedLately(note, edges.now())) {
    throw new Failure(`its download failed less than a day ago (to try again now, delete ${note})`);
  }
  edges.say(`Downloading Electron ${version} (about 120 MB, once).`);
  try {
    await edges.download();
  } catch (error) {
    await mkdir(edges.cacheFolder, { recursive: true });
    await writeFile(note, String(edges.now()));
    throw new Failure(`its download failed: ${reasonOf(error)}`, { cause: error });
  }
  await rm(note, { force: true });
  const runtime = findInstalled(edges.packageFolder);
  if (runtime === undefined) throw new Failure('its download ended without a runtime');
  return runtime;
}

const packageVersion = (packageFolder: string): string => {
  const manifest: unknown = JSON.parse(readFileSync(path.join(packageFolder, 'package.json'), 'utf8'));
  return (manifest as { version: string }).version; // every installed package has one
};

/** The same three signs the package itself goes by: the version, the path file, the executable. */
function findInstalled(packageFolder: string): ElectronRuntime | undefined {
  const folder = path.join(packageFolder, 'dist');
  const read = (file: string): string => (existsSync(file) ? readFileSync(file, 'utf8').trim() : '');
  const executable = path.join(folder, read(path.join(packageFolder, 'path.txt')));
  const version = read(path.join(folder, 'version')).replace(/^v/, '');
  if (version !== packageVersion(packageFolder) || executable === folder || !existsSync(executable)) return undefined;
  return { executable, folder, origin: 'official' };
}

function failedLately(note: string, nowMs: number): boolean {
  return existsSync(note) && nowMs - Number(readFileSync(note, 'utf8')) < dayMs;
}
