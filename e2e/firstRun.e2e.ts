import { ask, lastAnswer, modelReady, pick, provenanceOf } from './deskPage';
import { takeEveryLook } from './everyLook';
import { expect } from './launchApp';
import { published, stopInTheMiddle, test, unplug } from './publishedDemo';

test('from the first start to the first answer of a model that was fetched', async ({ desk, hub }) => {
  stopInTheMiddle(hub);
  const { window, quit } = await desk.launch({ language: 'en', settings: { hasStarted: false } });
  const page = window.getByTestId('first-run');
  const next = page.getByRole('button', { name: 'Continue' });

  await expect(page).toHaveAttribute('data-step', 'computer');
  await expect(page.getByTestId('hardware')).toContainText(/\d+ threads/);
  await takeEveryLook(window, 'first-computer');
  await next.click();

  await pick(page, published.id);
  await expect(page.getByTestId('verdicts')).toContainText('Suggested here');
  await page.getByRole('radio', { name: /INT4 on the CPU/ }).check();
  await takeEveryLook(window, 'first-precision');
  await next.click();

  await page.getByRole('textbox', { name: 'Your own address' }).fill(hub.url);
  await page.getByRole('button', { name: 'Use', exact: true }).click();
  for (const place of [2, 1, 0]) {
    await page.getByRole('button', { name: 'Move your own address up' }).click();
    await expect(page.locator('[data-source]').nth(place)).toHaveAttribute('data-source', 'custom');
  }
  await takeEveryLook(window, 'first-source');
  const download = page.getByRole('button', { name: 'Download', exact: true });
  await expect(download).toBeDisabled();
  await page.getByRole('checkbox', { name: /I have read the licence/ }).check();
  await download.click();

  await expect(window.locator('.install-line')).toContainText('Downloading from your own address');
  expect(await ask(window, 'What is the capital of Japan?')).toContain('Tokyo');
  await takeEveryLook(window, 'downloading-while-chatting');

  const plugIn = await unplug(hub); // what stands still breaks, and goes on
  await plugIn();
  await window.getByTestId('ready-notice').getByRole('button', { name: 'Switch to it' }).click();
  await expect(window.getByTestId('model-chip')).toContainText(`${published.name} · INT4`);
  await modelReady(window);
  await window.keyboard.press('ControlOrMeta+n');
  expect(await ask(window, 'What is the capital of Japan?')).toContain('Tokyo');
  expect(await provenanceOf(lastAnswer(window))).toContain('INT4');
  await quit();

  const again = await desk.launch({ language: 'en' });
  await modelReady(again.window);
  await expect(again.window.getByTestId('model-chip')).toContainText(published.name);
  await expect(again.window.getByTestId('first-run')).toHaveCount(0);
});
