import { cp, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { projectRoot } from '../scripts/project';
import { ask, composer, messages } from './deskPage';
import { expect, takeScreenshot, test } from './launchApp';
import { appWithoutModel } from './otherModel';

let appFolder: string;
test.beforeEach(async () => {
  appFolder = await appWithoutModel();
});
test.afterEach(() => rm(appFolder, { recursive: true, force: true }));

const chip = 'model-chip';

test('without a model folder the app opens, says what is missing, and answers nothing', async ({ desk }) => {
  const { window } = await desk.launch({ language: 'en', appFolder });
  await expect(window.getByTestId(chip)).toHaveAttribute('data-state', 'failed');
  await expect(window.getByRole('alert').first()).toContainText('demo-model');
  await composer(window).fill('Hello!');
  await composer(window).press('Enter');
  await expect(composer(window)).toHaveValue('Hello!');
  await expect(messages(window)).toHaveCount(0);
  await takeScreenshot(window, 'no-model-en');
});

test('a model folder put back is found by Try again', async ({ desk }) => {
  const { window } = await desk.launch({ language: 'en', appFolder });
  await expect(window.getByTestId(chip)).toHaveAttribute('data-state', 'failed');
  const demoModel = path.join('assets', 'demo-model');
  await cp(path.join(projectRoot, demoModel), path.join(appFolder, demoModel), { recursive: true });
  await window.getByRole('button', { name: 'Try again' }).first().click();
  expect(await ask(window, 'What is the capital of Japan?')).toContain('Tokyo');
});

test('when the inference process cannot start the app says so and answers nothing', async ({ desk }) => {
  await writeFile(path.join(appFolder, 'out', 'main', 'worker.js'), 'process.exit(3);\n');
  const { window } = await desk.launch({ language: 'en', appFolder });
  await expect(window.getByTestId(chip)).toHaveAttribute('data-state', 'failed');
  await expect(window.getByRole('alert').first()).toContainText('inference process');
  await expect(messages(window)).toHaveCount(0);
});
