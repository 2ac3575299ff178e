import { readFile, rm, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { ask, lastAnswer, modelReady, provenanceOf } from './deskPage';
import { takeEveryLook } from './everyLook';
import { expect, test } from './launchApp';
import { appWithoutModel } from './otherModel';
import { demoFolder } from './publishedDemo';

let appFolder: string;
let freeFile: string;

/** The app, whose computing process believes the file about how many bytes are free: no test may really use up the memory of
 *  a computer. */
test.beforeEach(async () => {
  appFolder = await appWithoutModel();
  await symlink(demoFolder, path.join(appFolder, 'assets', 'demo-model'));
  freeFile = path.join(appFolder, 'free-bytes');
  await setFree(20e9);
  const worker = path.join(appFolder, 'out', 'main', 'worker.js');
  const claim = `process.availableMemory = () => Number(process.getBuiltinModule('node:fs').readFileSync(${JSON.stringify(freeFile)}, 'utf8'));`;
  await writeFile(worker, `${await readFile(worker, 'utf8')}\n${claim}\n`);
});
test.afterEach(() => rm(appFolder, { recursive: true, force: true }));

const setFree = (bytes: number): Promise<void> => writeFile(freeFile, String(bytes));

test('where memory is too short the next smaller precision answers, says why, and the way back works', async ({
  desk,
}) => {
  const { window } = await desk.launch({ language: 'en', appFolder, settings: { hasStarted: true, device: 'cpu' } });
  await modelReady(window);
  // BF16 takes 63.9 million bytes, Int8 37.1 and INT4 35.8.
  await setFree(36.5e6);
  await window.getByTestId('model-chip').click();
  const settings = window.locator('dialog.settings');
  await settings.locator('[data-precision=bf16]').click();
  const notice = settings.getByTestId('step-down');
  await expect(notice).toContainText('It runs as INT4 on the CPU instead of BF16 on the CPU');
  await expect(notice).toContainText('BF16 on the CPU needs 0.060 GB of memory and 0.034 GB are free');
  await takeEveryLook(window, 'stepped-down-settings');
  await window.keyboard.press('Escape');
  await takeEveryLook(window, 'stepped-down');
  expect(await ask(window, 'What is the capital of Japan?')).toContain('Tokyo');
  expect(await provenanceOf(lastAnswer(window))).toContain('INT4');

  await setFree(20e9);
  await window.getByRole('button', { name: 'Try BF16 on the CPU again' }).click();
  await expect(window.getByTestId('model-chip')).toContainText('BF16');
  await modelReady(window);
  await expect(window.getByTestId('step-down')).toHaveCount(0);
  expect(await ask(window, 'What is the capital of Japan?')).toContain('Tokyo');
  expect(await provenanceOf(lastAnswer(window))).toContain('BF16');
});
