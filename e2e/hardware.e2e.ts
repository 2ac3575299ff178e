import { modelReady } from './deskPage';
import { takeEveryLook } from './everyLook';
import { expect, test } from './launchApp';
import { openSettings } from './libraryPage';

test('Diagnose shows what the system answered, as it came, and copies all of it', async ({ desk }) => {
  const { electron, window } = await desk.launch({ language: 'en' });
  await modelReady(window);
  const settings = await openSettings(window, 'This computer');
  await expect(settings.getByTestId('hardware')).toContainText(/\d+ threads/);
  const probe = settings.locator('.probes li').first();
  const command = await probe.locator('code').innerText();
  await probe.locator('summary').click();
  await expect(probe.locator('pre')).toBeVisible();
  const output = await probe.locator('pre').innerText();
  await takeEveryLook(window, 'diagnose');
  await settings.getByRole('button', { name: 'Copy all as text' }).click();
  await expect(settings.getByRole('button', { name: 'Copied' })).toBeVisible();
  const copied = await electron.evaluate(({ clipboard }) => clipboard.readText());
  expect(copied).toContain(`$ ${command}`);
  if (output !== '(no output)') expect(copied).toContain(output.trimEnd());
  expect(copied).toMatch(/RAM \{"total":\d{9,},/);
  expect(copied).toMatch(/CPU \{.*"cores":\d+/);
});
