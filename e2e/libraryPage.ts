import type { Locator, Page } from '@playwright/test';
import type { Device, Precision } from '../src/shared/precision';
import { modelReady } from './deskPage';
import { expect, type RunningApp } from './launchApp';

/** Opens a section of the settings. */
export async function openSettings(window: Page, section: string): Promise<Locator> {
  const settings = window.locator('dialog.settings');
  if (!(await settings.isVisible())) await window.getByRole('button', { name: 'Settings', exact: true }).click();
  await settings.getByRole('navigation').getByRole('button', { name: section, exact: true }).click();
  return settings;
}

export const modelRow = (page: Page | Locator, id: string): Locator => page.locator(`[data-model="${id}"]`);
export const installation = (page: Page | Locator): Locator => page.getByTestId('installation');

/** Fetches a model from Settings → Models, in English, as someone who reads the licence does. */
export async function install(
  window: Page,
  id: string,
  way: { precision: Precision; device: Device },
): Promise<Locator> {
  const row = modelRow(await openSettings(window, 'Models'), id);
  await row.getByRole('button', { name: 'Download…' }).click();
  await row.getByRole('radio', { name: wayName(way) }).check();
  await row.getByRole('checkbox', { name: /I have read the licence/ }).check();
  await row.getByRole('button', { name: 'Download', exact: true }).click();
  return row;
}

const names = { bf16: 'BF16', int8: 'Int8', nf4: 'NF4', int4: 'INT4' } as const;
export const wayName = ({ precision, device }: { precision: Precision; device: Device }): RegExp =>
  new RegExp(`${names[precision]} on the ${device.toUpperCase()}`);

/** The next time the app asks for a folder, the user chooses this one. */
export async function chooseFolder({ electron }: RunningApp, folder: string): Promise<void> {
  await electron.evaluate(({ dialog }, chosen) => {
    dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths: [chosen] });
  }, folder);
}

/** Waits until a model is whole. */
export async function whenInstalled(row: Locator): Promise<void> {
  await expect(row.getByRole('button', { name: 'Use this model' })).toBeVisible();
}

/** Makes it the model that answers, and goes back to the conversations. */
export async function useModel(window: Page, row: Locator): Promise<void> {
  await row.getByRole('button', { name: 'Use this model' }).click();
  await expect(row).toContainText('In use');
  await window.keyboard.press('Escape');
  await modelReady(window);
}
