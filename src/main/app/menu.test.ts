import type { MenuItemConstructorOptions } from 'electron';
import { expect, test, vi } from 'vitest';
import { contextMenuTemplate, menuTemplate } from './menu';

const options = {
  language: 'en',
  isMac: false,
  isDevelopment: false,
  pressShortcut: () => undefined,
  showLog: () => undefined,
} as const;
const items = (template: MenuItemConstructorOptions[]): MenuItemConstructorOptions[] =>
  template.flatMap(({ submenu }) => (Array.isArray(submenu) ? submenu : []));

test('every menu and item of ours has words in the language that is set', () => {
  const chinese = menuTemplate({ ...options, language: 'zh-CN' });
  for (const { label } of [...chinese, ...items(chinese).filter(({ type }) => type !== 'separator')]) {
    expect(label).toMatch(/\p{Script=Han}/u);
  }
  expect(menuTemplate(options).map(({ label }) => label)).toEqual(['Deskmate', 'Edit', 'View', 'Window', 'Help']);
});

test('reload and developer tools are there in development only', () => {
  const roles = (isDevelopment: boolean) => items(menuTemplate({ ...options, isDevelopment })).map(({ role }) => role);
  expect(roles(true)).toEqual(expect.arrayContaining(['reload', 'toggleDevTools']));
  expect(roles(false)).not.toContain('reload');
  expect(roles(false)).not.toContain('toggleDevTools');
});

test('an item of the page shows its shortcut and presses it', () => {
  const pressShortcut = vi.fn();
  const settings = items(menuTemplate({ ...options, pressShortcut })).find(({ label }) => label === 'Settings…')!;
  expect(settings).toMatchObject({ accelerator: 'CmdOrCtrl+,', registerAccelerator: false });
  // Electron passes arguments this click does not use.
  (settings.click as () => void)();
  expect(pressShortcut).toHaveBeenCalledWith(',');
});

test('a right click offers what can be done there', () => {
  const roles = (isEditable: boolean, hasSelection: boolean) =>
    contextMenuTemplate('en', { isEditable, hasSelection }).map(({ role }) => role);
  expect(roles(true, false)).toEqual(['cut', 'copy', 'paste', 'selectAll']);
  expect(roles(false, true)).toEqual(['copy']);
  expect(roles(false, false)).toEqual([]);
});
