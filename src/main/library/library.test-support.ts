import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, vi } from 'vitest';
import { startHub } from '../../../testing/hub/startHub';
import type { Installation, InstalledModel, LibraryModel, LibraryState } from '../../shared/library';
import { ModelId } from '../../shared/library';
import type { Clock } from '../download/clock';
import { systemClock } from '../download/clock';
import { realWorker } from '../inference/realWorker.test-support';
import { WorkerHost } from '../inference/workerHost';
import { SettingsFile } from '../settings/settingsFile';
import type { CatalogModel } from './catalog';
import type { LibraryOptions } from './libraryOptions';
import { ModelLibrary } from './modelLibrary';

export const demoFolder = join(import.meta.dirname, '../../../assets/demo-model');

/** The demo checkpoint, published as if it were a model of the catalog. */
export const tiny: CatalogModel = {
  id: ModelId.parse('tiny'),
  name: 'Tiny-Chat',
  licence: { name: 'A licence', url: 'https://example.org/licence' },
  repositories: { huggingFace: 'Qwen/Tiny', modelscope: 'qwen/Tiny' },
  shape: { layers: 6, hiddenSize: 192, heads: 3, feedForwardSize: 512, vocabularySize: 4096 },
};

export const demoFiles = (): Record<string, Buffer> =>
  Object.fromEntries(
    readdirSync(demoFolder)
      .filter((name) => name !== 'README.md')
      .map((name) => [name, readFileSync(join(demoFolder, name))]),
  );

const unexpected = (bug: unknown) => expect.unreachable(bug instanceof Error ? bug.stack! : String(bug));

export type Setup = Awaited<ReturnType<typeof setUp>>;

/** A hub, a data folder, and what the library needs of the app: real but for the windows. */
export async function setUp({ clock = systemClock }: { clock?: Clock } = {}) {
  const base = await mkdtemp(join(tmpdir(), 'deskmate-library-'));
  const { hub, repository } = await startHub('Qwen/Tiny', demoFiles());
  await mkdir(join(base, 'data'));
  const settings = await SettingsFile.open(join(base, 'data', 'settings.json'), unexpected);
  await settings.change({ sourceOrder: ['custom'], customSource: hub.url });
  const newHost = () => new WorkerHost({ spawn: realWorker, reportBug: unexpected });
  const host = newHost();
  const reload = vi.fn(() => Promise.resolve());
  let picked: string | null = null;
  const open: ModelLibrary[] = [];
  const options: LibraryOptions = {
    places: {
      ...{ demoModel: demoFolder, modelsFolder: join(base, 'data', 'models'), home: join(base, 'home') },
      ...{ preparedFolder: join(base, 'data', 'prepared'), reserved: [join(base, 'data')] },
    },
    ...{ catalog: [tiny], settings, host, newPrepareHost: newHost, network: { fetch, clock }, reload },
    experience: () => Promise.resolve({ proof: null, measurements: [] }),
    released: () => ({ ramBytes: 0, vramBytes: 0 }),
    pickFolder: () => Promise.resolve(picked),
    holdLoads: () => Promise.resolve(() => undefined),
    ...{ nowMs: () => 1_000, reportBug: unexpected },
  };
  /** As the app does at its start. */
  const start = async (changed: Partial<LibraryOptions> = {}): Promise<ModelLibrary> => {
    const library = await ModelLibrary.open({ ...options, ...changed });
    open.push(library);
    await library.goOn();
    return library;
  };
  onTestFinished(async () => {
    for (const library of open) await library.close();
    await host.end();
    await hub.close();
    await rm(base, { recursive: true, force: true });
  });
  return {
    ...{ base, hub, repository, settings, reload, start, options },
    models: join(base, 'data', 'models'),
    pick: (folder: string | null) => (picked = folder),
  };
}

/** A disk of this size, where the system lets us make one. */
export function diskAt(folder: string, kilobytes: number): boolean {
  mkdirSync(folder, { recursive: true });
  const { status } = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${kilobytes}k`, 'tmpfs', folder]);
  if (status === 0) onTestFinished(() => void spawnSync('umount', ['-l', folder]));
  return status === 0;
}

export const anInstall = { modelId: tiny.id, precision: 'int4', device: 'cpu', keepsOriginals: false } as const;

export function stateOf(library: ModelLibrary): LibraryState {
  let found: LibraryState | undefined;
  library.watch((state) => (found = state))();
  return found!;
}

export const modelIn = (library: ModelLibrary, id: string = tiny.id): LibraryModel =>
  stateOf(library).models.find((model) => model.id === id)!;

/** Resolves as soon as the library says what is asked for. */
export function when<T>(
  library: ModelLibrary,
  select: (model: LibraryModel) => T | null,
  id: string = tiny.id,
): Promise<T> {
  return new Promise((resolve) => {
    const end = library.watch(({ models }) => {
      const model = models.find((each) => each.id === id);
      const found = model === undefined ? null : select(model);
      if (found === null) return;
      resolve(found);
      queueMicrotask(() => end());
    });
  });
}

/** As soon as nothing is done with it any more. */
export async function installed(library: ModelLibrary, id?: string): Promise<InstalledModel> {
  const end = await when(
    library,
    ({ installed: found, installation }) => installation?.error ?? (installation === null ? found : null),
    id,
  );
  if ('code' in end) throw new Error(`${end.code} ${JSON.stringify(end.params)}`);
  return end;
}

export const paused = (library: ModelLibrary): Promise<Installation> =>
  when(library, ({ installation }) => (installation?.pause ? installation : null));

/** Every file below a folder, sorted, but for the lock of a library that is open. */
export const filesBelow = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name !== 'deskmate-models.lock')
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();
