import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { Locator } from '@playwright/test';
import { ask, choose, lastAnswer, modelReady, provenanceOf } from './deskPage';
import { takeEveryLook } from './everyLook';
import { expect } from './launchApp';
import { chooseFolder, install, modelRow, openSettings, useModel, whenInstalled } from './libraryPage';
import { demoFolder, published, shards, sourceOf, test as base } from './publishedDemo';

const capital = 'What is the capital of Japan?';

/** `disk` is a place of the user's, with the demo checkpoint in `my-qwen`. */
const test = base.extend<{ disk: string }>({
  disk: async ({}, use) => {
    const disk = await mkdtemp(path.join(os.tmpdir(), 'deskmate-e2e-disk-'));
    await cp(demoFolder, path.join(disk, 'my-qwen'), { recursive: true });
    await use(disk);
    await rm(disk, { recursive: true, force: true });
  },
});

const importButton = (page: Locator, name: RegExp): Locator => page.getByTestId('import').getByRole('button', { name });

test('a folder is used where it lies, and one that is not whole is told apart by what is missing', async ({
  desk,
  disk,
}) => {
  const folder = path.join(disk, 'my-qwen');
  const app = await desk.launch({ language: 'en' });
  const { window } = app;
  const settings = await openSettings(window, 'Models');
  await rm(path.join(folder, 'qwen.tiktoken'));
  await rm(path.join(folder, shards[1]));
  await chooseFolder(app, folder);
  await importButton(settings, /Use it where it lies/).click();
  const problem = settings.getByTestId('import').getByRole('alert');
  await expect(problem).toContainText('qwen.tiktoken');
  await expect(problem).toContainText(shards[1]);
  await expect(problem).not.toContainText(shards[0]);
  await takeEveryLook(window, 'import-incomplete');

  await cp(demoFolder, folder, { recursive: true });
  const vocabulary = path.join(folder, 'qwen.tiktoken');
  const lines = (await readFile(vocabulary, 'utf8')).split('\n');
  await writeFile(vocabulary, `${lines.slice(0, 1000).join('\n')}\n`); // as a download leaves it that broke off between two
  await importButton(settings, /Use it where it lies/).click();
  await expect(problem).toContainText('qwen.tiktoken has 1208 tokens');
  await takeEveryLook(window, 'import-other-vocabulary');

  await cp(demoFolder, folder, { recursive: true });
  const before = await readdir(folder);
  await importButton(settings, /Use it where it lies/).click();
  await expect(problem).toHaveCount(0);
  const row = modelRow(settings, 'my-qwen');
  await expect(row).toContainText(`Read where it lies: ${folder}`);
  await useModel(window, row);
  expect(await ask(window, capital)).toContain('Tokyo');

  const again = modelRow(await openSettings(window, 'Models'), 'my-qwen');
  await again.getByRole('button', { name: 'Forget…' }).click();
  await again.getByRole('button', { name: 'Forget', exact: true }).click();
  await expect(again).toHaveCount(0);
  expect(await readdir(folder)).toEqual(before);
  await window.keyboard.press('Escape');
  await modelReady(window);
  await expect(window.getByTestId('model-chip')).toContainText('Demo model');
});

test('a copied folder answers without the original, in every precision, and moves and goes with the models folder', async ({
  desk,
  disk,
}) => {
  const app = await desk.launch({ language: 'en' });
  const { window } = app;
  const settings = await openSettings(window, 'Models');
  await chooseFolder(app, path.join(disk, 'my-qwen'));
  await importButton(settings, /Copy it in/).click();
  const row = modelRow(settings, 'my-qwen');
  await whenInstalled(row);
  await rm(path.join(disk, 'my-qwen'), { recursive: true });
  await useModel(window, row);
  for (const precision of ['nf4', 'bf16'] as const) {
    await choose(window, { precision, device: 'cpu' });
    expect(await ask(window, capital)).toContain('Tokyo');
    expect(await provenanceOf(lastAnswer(window))).toContain(precision.toUpperCase());
  }

  await openSettings(window, 'Models');
  const folder = settings.getByTestId('models-folder');
  await chooseFolder(app, desk.profile);
  await folder.getByRole('button', { name: 'Move…' }).click();
  await expect(folder.getByRole('alert')).toBeVisible();
  await takeEveryLook(window, 'folder-refused');
  const elsewhere = path.join(disk, 'elsewhere');
  await chooseFolder(app, elsewhere);
  await folder.getByRole('button', { name: 'Move…' }).click();
  await expect(folder.locator('.folder-path')).toHaveText(elsewhere);
  await expect(folder.getByRole('button', { name: 'Move…' })).toBeEnabled();
  expect(await readdir(path.join(elsewhere, 'my-qwen'))).toContain('model.json');
  expect(await readdir(path.join(desk.profile, 'models')).catch(() => [])).toEqual([]);
  await window.keyboard.press('Escape');
  expect(await ask(window, capital)).toContain('Tokyo');

  await openSettings(window, 'Models');
  await row.getByRole('button', { name: 'Remove…' }).click();
  await takeEveryLook(window, 'remove');
  await row.getByRole('button', { name: 'Remove', exact: true }).click();
  await expect(row).toHaveCount(0);
  expect((await readdir(elsewhere)).sort()).toEqual(['deskmate-models.json', 'deskmate-models.lock']);
});

test('a precision whose weights were let go is refused with what to do, and can be fetched', async ({ desk, hub }) => {
  const { window } = await desk.launch({
    language: 'en',
    settings: { ...sourceOf(hub), precision: 'int8', device: 'cpu' },
  });
  const row = await install(window, published.id, { precision: 'int4', device: 'cpu' });
  await whenInstalled(row);
  await useModel(window, row);
  const notice = window.getByTestId('step-down');
  await expect(notice).toContainText('It runs as INT4 on the CPU instead of Int8 on the CPU');
  await takeEveryLook(window, 'originals-released');
  expect(await ask(window, capital)).toContain('Tokyo');

  const settings = await openSettings(window, 'Model & precision');
  await takeEveryLook(window, 'model-released');
  const nf4 = settings.locator('[data-precision=nf4]');
  await expect(nf4).toContainText('Not on this disk');
  await nf4.click();
  await row.getByRole('button', { name: 'Get another precision…' }).click();
  await row.getByRole('radio', { name: /Int8 on the CPU/ }).check();
  await row.getByRole('checkbox', { name: /I have read the licence/ }).check();
  await row.getByRole('button', { name: 'Download', exact: true }).click();
  await expect(row).toContainText('Ready for use: Int8 on the CPU, INT4 on the CPU');
  await takeEveryLook(window, 'two-forms');
  await window.keyboard.press('Escape');
  await notice.getByRole('button', { name: /Try Int8 on the CPU again/ }).click();
  await expect(window.getByTestId('model-chip')).toContainText(`${published.name} · Int8`);
  await modelReady(window);
  await expect(notice).toHaveCount(0);
  expect(await ask(window, capital)).toContain('Tokyo');
});
