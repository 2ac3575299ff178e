import type { Page } from '@playwright/test';
import type { SettingsChange } from '../src/shared/settings';
import { expect, takeScreenshot } from './launchApp';

/** A picture of what the window shows, in both languages and both themes; then English and light again. */
export async function takeEveryLook(window: Page, state: string): Promise<void> {
  for (const language of ['zh-CN', 'en'] as const)
    for (const theme of ['dark', 'light'] as const) {
      await change(window, { language, theme });
      const root = window.locator(`html[lang=${language}][data-theme=${theme}]`);
      await expect(root).toBeAttached();
      await takeScreenshot(window, `${state}-${language}-${theme}`);
    }
}

/** As the settings view does, wherever the user is. */
async function change(window: Page, settings: SettingsChange): Promise<void> {
  const { ok } = await window.evaluate((input) => globalThis.deskmate.call('settings.change', input), settings);
  expect(ok).toBe(true);
}

declare global {
  var deskmate: { call: (route: string, input: unknown) => Promise<{ ok: boolean }> };
}
