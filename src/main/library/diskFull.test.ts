import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { claim } from './modelsFolder';
import { anInstall, demoFiles, diskAt, installed, modelIn, paused, setUp, tiny } from './library.test-support';

const enlarge = (folder: string, kilobytes: number) => spawnSync('mount', ['-o', `remount,size=${kilobytes}k`, folder]);

test('a disk that is too small pauses a download before it begins; with more room it goes on', async ({ skip }) => {
  const { start, models } = await setUp();
  if (!diskAt(models, 6_000)) skip('only root on Linux can make a disk as small as that');
  const library = await start();
  await library.install(anInstall);
  expect(await paused(library)).toMatchObject({ pause: 'diskFull', error: { code: 'library.diskFull' } });
  enlarge(models, 60_000);
  await library.resume(tiny.id);
  expect(await installed(library)).toMatchObject({ problem: null });
});

test('a copy and a move say what is missing, and leave what there was', async ({ skip }) => {
  const { base, start, pick, models, settings } = await setUp();
  const disk = join(base, 'disk');
  if (!diskAt(disk, 3_000)) skip('only root on Linux can make a disk as small as that');
  const library = await start();
  await library.install({ ...anInstall, keepsOriginals: true });
  await installed(library);
  const to = join(disk, 'models');
  pick(to);
  await library.moveFolder();
  const error = await new Promise((resolve) => {
    library.watch(({ move }) => move?.error && resolve(move.error));
  });
  expect(error).toMatchObject({ code: 'library.diskFull', params: { folder: to } });
  expect(settings.current.modelsFolder).toBeNull();
  expect(modelIn(library).installed).toMatchObject({ problem: null, folder: join(models, 'tiny') });
  await claim(to);
  await settings.change({ modelsFolder: to });
  await library.close();
  const small = await start();
  pick(join(models, 'tiny', 'checkpoint'));
  const id = (await small.importFolder(true))!;
  const missing = Object.values(demoFiles()).reduce((sum, bytes) => sum + bytes.length, 0) - 3_000_000;
  const found = await new Promise<{ bytes: number }>((resolve) => {
    small.watch(({ models: all }) => {
      const { installation } = all.find((model) => model.id === id) ?? {};
      if (installation?.pause === 'diskFull') resolve({ bytes: Number(installation.error?.params['bytes']) });
    });
  });
  expect(found.bytes).toBeGreaterThan(missing - 100_000);
});
