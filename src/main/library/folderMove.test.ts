import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { anInstall, diskAt, filesBelow, installed, modelIn, setUp, stateOf, tiny } from './library.test-support';
import type { ModelLibrary } from './modelLibrary';

const moved = (library: ModelLibrary, to: string) =>
  vi.waitFor(() => expect(stateOf(library)).toMatchObject({ folder: to, move: null }), 10_000);

const remount = (disk: string, how: 'ro' | 'rw') => spawnSync('mount', ['-o', `remount,${how}`, disk]);

/** Loads that go on until the test says otherwise. */
function loads() {
  let isOver = (): void => undefined;
  const over = new Promise<void>((resolve) => (isOver = resolve));
  const letGo = vi.fn();
  return { holdLoads: () => over.then(() => letGo), isOver, letGo };
}

test('a move waits for a model that is being loaded, and nothing is loaded until it has ended', async () => {
  const { base, start, pick, reload } = await setUp();
  const { holdLoads, isOver, letGo } = loads();
  const library = await start({ holdLoads });
  await library.install(anInstall);
  await installed(library);
  const to = join(base, 'elsewhere');
  pick(to);
  await library.moveFolder();
  await vi.waitFor(() => expect(existsSync(join(to, 'deskmate-models.json'))).toBe(true));
  expect(stateOf(library).move).toMatchObject({ stage: 'waiting', error: null });
  expect(existsSync(join(to, 'tiny'))).toBe(false);
  isOver();
  await moved(library, to);
  expect(letGo).toHaveBeenCalled();
  expect(letGo.mock.invocationCallOrder[0]).toBeLessThan(reload.mock.invocationCallOrder.at(-1)!);
  expect(modelIn(library).installed).toMatchObject({ problem: null, folder: join(to, 'tiny') });
});

test('a move that is cancelled leaves everything where it was, and nothing elsewhere', async () => {
  const { base, start, pick, models, settings } = await setUp();
  const { holdLoads, letGo, isOver } = loads();
  const library = await start({ holdLoads });
  await library.install(anInstall);
  await installed(library);
  const before = filesBelow(models);
  const to = join(base, 'elsewhere');
  pick(to);
  await library.moveFolder();
  await library.cancelMove();
  expect(stateOf(library)).toMatchObject({ folder: models, move: null });
  expect([filesBelow(models), existsSync(to), settings.current.modelsFolder]).toEqual([before, false, null]);
  isOver();
  await vi.waitFor(() => expect(letGo).toHaveBeenCalledOnce());
  await library.cancelMove(); // there is none
  await library.remove(tiny.id); // nothing is held any more
});

test('an app that is closed while models move goes on with it at the next start', async ({ skip }) => {
  const { base, start, pick, models, settings } = await setUp();
  const disk = join(base, 'disk');
  if (!diskAt(disk, 60_000)) skip('only root on Linux can make a disk of its own');
  const { holdLoads } = loads();
  const before = await start({ holdLoads });
  await before.install(anInstall);
  await installed(before);
  const to = join(disk, 'models');
  pick(to);
  await before.moveFolder();
  await vi.waitFor(() => expect(existsSync(join(to, 'deskmate-models.json'))).toBe(true));
  await before.close();
  expect(settings.current.modelsFolder).toBeNull();
  const after = await start();
  await moved(after, to);
  expect(modelIn(after).installed).toMatchObject({ problem: null, folder: join(to, 'tiny') });
  expect(settings.current.modelsFolder).toBe(to);
  expect(existsSync(models)).toBe(false);
});

test('where nothing can be written a move says so, and everything stays', async ({ skip }) => {
  const { base, start, pick, models } = await setUp();
  const disk = join(base, 'disk');
  if (!diskAt(disk, 60_000)) skip('only root on Linux can make a disk of its own');
  const { holdLoads, isOver } = loads();
  const library = await start({ holdLoads });
  await library.install(anInstall);
  await installed(library);
  const to = join(disk, 'models');
  pick(to);
  await library.moveFolder();
  await vi.waitFor(() => expect(existsSync(join(to, 'deskmate-models.json'))).toBe(true));
  remount(disk, 'ro');
  isOver();
  await vi.waitFor(() =>
    expect(stateOf(library).move?.error).toMatchObject({ code: 'folder.unwritable', params: { folder: to } }),
  );
  expect(modelIn(library).installed).toMatchObject({ problem: null, folder: join(models, 'tiny') });
  remount(disk, 'rw');
});
