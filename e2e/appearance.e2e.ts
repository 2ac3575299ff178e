import { choose, modelReady, pick, send } from './deskPage';
import { expect, takeScreenshot, test } from './launchApp';

const words = {
  'zh-CN': { settings: '设置', computer: '这台电脑', question: '给我讲一个年轻人奋斗创业最终取得成功的故事。' },
  en: {
    settings: 'Settings',
    computer: 'This computer',
    question: 'Make a table with the capitals of France, Japan and Egypt.',
  },
} as const;

for (const language of ['zh-CN', 'en'] as const) {
  for (const theme of ['light', 'dark'] as const) {
    test(`the window in ${language}, ${theme}`, async ({ desk }) => {
      const name = (state: string): string => `${state}-${language}-${theme}`;
      const { window } = await desk.launch({ language });
      await modelReady(window);
      await expect(window.locator('html')).toHaveAttribute('lang', language);
      await window.getByRole('button', { name: words[language].settings, exact: false }).first().click();
      await pick(window.locator('dialog.settings'), theme);
      await expect(window.locator('html')).toHaveAttribute('data-theme', theme);
      await takeScreenshot(window, name('settings'));
      await window.keyboard.press('Escape');
      await takeScreenshot(window, name('empty'));
      await choose(window, { precision: 'int8', device: 'cpu' });
      const answer = await send(window, words[language].question);
      await expect(answer).toHaveAttribute('data-state', 'done');
      await takeScreenshot(window, name('answer'));
      await window.getByTestId('model-chip').click();
      await expect(window.locator('[data-precision=int4] .tag').last()).toBeVisible();
      await takeScreenshot(window, name('model'));
      await window.getByRole('button', { name: words[language].computer }).click();
      await expect(window.getByTestId('hardware')).toBeVisible();
      await takeScreenshot(window, name('computer'));
    });
  }
}
