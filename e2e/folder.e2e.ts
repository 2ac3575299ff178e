import { cp, mkdir, mkdtemp, open, readdir, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { Locator } from '@playwright/test';
import { lockFolder } from '../src/worker/prepare/folderLock';
import { ask, lastAnswer, modelReady, provenanceOf } from './deskPage';
import { takeEveryLook } from './everyLook';
import { expect } from './launchApp';
import { chooseFolder, install, modelRow, openSettings, useModel, whenInstalled } from './libraryPage';
import { demoFolder, published, shards, sourceOf, test as base } from './publishedDemo';

const capital = 'What is the capital of Japan?';

/** A place of the user's, on whatever disk. */
const test = base.extend<{ disk: string }>({
  disk: async ({}, use) => {
    const disk = await mkdtemp(path.join(os.tmpdir(), 'deskmate-e2e-disk-'));
    await use(disk);
    await rm(disk, { recursive: true, force: true });
  },
});

const moveButton = (folder: Locator): Locator => folder.getByRole('button', { name: 'Move…' });

test('models are moved when the one that is being prepared is done, unless the user thinks better of it', async ({
  desk,
  disk,
}) => {
  const app = await desk.launch({ language: 'en', settings: { precision: 'int4', device: 'cpu' } });
  const { window } = app;
  const settings = await openSettings(window, 'Models');
  await cp(demoFolder, path.join(disk, 'my-qwen'), { recursive: true });
  await chooseFolder(app, path.join(disk, 'my-qwen'));
  await settings
    .getByTestId('import')
    .getByRole('button', { name: /Copy it in/ })
    .click();
  const row = modelRow(settings, 'my-qwen');
  await whenInstalled(row);
  await useModel(window, row);
  await expect(modelRow(await openSettings(window, 'Models'), 'my-qwen')).toContainText(
    'Ready for use: INT4 on the CPU',
  );

  // Another process works where NF4 is to be prepared, so that it is not done before anything can be seen.
  const nf4 = path.join('my-qwen', 'prepared', 'nf4-float32');
  await mkdir(path.join(desk.profile, 'models', nf4), { recursive: true });
  const unlock = await lockFolder(path.join(desk.profile, 'models', nf4));
  await openSettings(window, 'Model & precision');
  await settings.locator('[data-precision=nf4]').click();
  await expect(window.getByTestId('model-chip')).toHaveAttribute('data-state', 'loading');

  await openSettings(window, 'Models');
  const folder = settings.getByTestId('models-folder');
  const elsewhere = path.join(disk, 'elsewhere');
  await chooseFolder(app, elsewhere);
  await moveButton(folder).click();
  await expect(folder.getByRole('status')).toHaveText('Waiting until the model is loaded');
  await folder.scrollIntoViewIfNeeded();
  await takeEveryLook(window, 'move-waiting');
  await folder.getByRole('button', { name: 'Cancel the move' }).click();
  await expect(moveButton(folder)).toBeEnabled();
  await expect(folder.locator('.folder-path')).toHaveText(path.join(desk.profile, 'models'));
  expect(await readdir(disk)).toEqual(['my-qwen']);

  await moveButton(folder).click();
  await expect(folder.getByRole('status')).toHaveText('Waiting until the model is loaded');
  await unlock();
  await expect(folder.locator('.folder-path')).toHaveText(elsewhere);
  await expect(moveButton(folder)).toBeEnabled();
  expect(await readdir(path.join(elsewhere, nf4))).toContain('manifest.json');
  expect(await readdir(path.join(desk.profile, 'models')).catch(() => [])).toEqual([]);
  await window.keyboard.press('Escape');
  await modelReady(window);
  expect(await ask(window, capital)).toContain('Tokyo');
  expect(await provenanceOf(lastAnswer(window))).toContain('NF4');
});

test('a damaged model is checked and repaired: what is whole is not fetched again', async ({ desk, hub }) => {
  const { window } = await desk.launch({ language: 'en', settings: { ...sourceOf(hub), keepsOriginals: true } });
  const row = await install(window, published.id, { precision: 'int4', device: 'cpu' });
  await whenInstalled(row);
  const shard = await open(path.join(desk.profile, 'models', published.id, 'checkpoint', shards[0]), 'r+');
  await shard.write(Buffer.from('damage'), 0, 6, 2_000_000);
  await shard.close();
  hub.served.length = 0;
  hub.faults.add({ path: shards[0], fault: { kind: 'drip', bytes: 100_000, everyMs: 200 } });
  await row.getByRole('button', { name: 'Check and repair' }).click();
  await expect(row).toContainText(/of 4\.\d MB/); // of the damaged file alone
  await takeEveryLook(window, 'repair');
  hub.faults.clear();
  await whenInstalled(row);
  expect(new Set(hub.served.map(({ path: file }) => file))).toEqual(new Set([shards[0]]));
  await expect(row).toContainText(`Checked, and repaired: ${shards[0]}.`);
  await takeEveryLook(window, 'repaired');
  await useModel(window, row);
  expect(await ask(window, capital)).toContain('Tokyo');
});
