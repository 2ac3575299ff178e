import type { MenuItemConstructorOptions } from 'electron';
import type { Language, TextKey } from '../../shared/translate';
import { translate } from '../../shared/translate';

type Options = {
  readonly language: Language;
  readonly isMac: boolean;
  readonly isDevelopment: boolean;
  /** Presses a shortcut of the page: the menu shows what the keyboard does, and the page alone does it. */
  readonly pressShortcut: (key: string) => void;
  readonly showLog: () => void;
};

/** The application menu. Roles bring their own behaviour and shortcuts; only the words are ours. */
export function menuTemplate(options: Options): MenuItemConstructorOptions[] {
  const { language, isMac, isDevelopment } = options;
  const text = (key: TextKey): string => translate(language, key);
  const menu = (key: TextKey, submenu: MenuItemConstructorOptions[]) => ({ label: text(key), submenu });
  const separator: MenuItemConstructorOptions = { type: 'separator' };
  return [
    menu('app.name', [
      shortcut(text('menu.newConversation'), 'N', options),
      shortcut(text('menu.settings'), ',', options),
      separator,
      ...(isMac ? macAppItems : []),
      { role: 'quit', label: text('menu.quit') },
    ]),
    menu('menu.edit', [
      { role: 'undo', label: text('menu.undo') },
      { role: 'redo', label: text('menu.redo') },
      separator,
      ...clipboardItems(language),
    ]),
    menu('menu.view', [
      { role: 'resetZoom', label: text('menu.actualSize') },
      { role: 'zoomIn', label: text('menu.zoomIn') },
      { role: 'zoomOut', label: text('menu.zoomOut') },
      separator,
      { role: 'togglefullscreen', label: text('menu.fullScreen') },
      ...(isDevelopment ? developmentItems : []),
    ]),
    menu('menu.window', [
      { role: 'minimize', label: text('menu.minimize') },
      { role: 'close', label: text('menu.closeWindow') },
    ]),
    menu('menu.help', [{ label: text('menu.showLog'), click: options.showLog }]),
  ];
}

/** What a right click on text offers; empty where there is nothing to do. */
export function contextMenuTemplate(
  language: Language,
  { isEditable, hasSelection }: { isEditable: boolean; hasSelection: boolean },
): MenuItemConstructorOptions[] {
  if (isEditable) return clipboardItems(language);
  return hasSelection ? clipboardItems(language).filter(({ role }) => role === 'copy') : [];
}

const clipboardItems = (language: Language): MenuItemConstructorOptions[] => [
  { role: 'cut', label: translate(language, 'menu.cut') },
  { role: 'copy', label: translate(language, 'menu.copy') },
  { role: 'paste', label: translate(language, 'menu.paste') },
  { role: 'selectAll', label: translate(language, 'menu.selectAll') },
];

const shortcut = (label: string, key: string, { pressShortcut }: Options): MenuItemConstructorOptions => ({
  label,
  accelerator: `CmdOrCtrl+${key}`,
  registerAccelerator: false, // shown here, handled by the page
  click: () => pressShortcut(key),
});

const macAppItems: MenuItemConstructorOptions[] = [
  { role: 'services' },
  { type: 'separator' },
  { role: 'hide' },
  { role: 'hideOthers' },
  { role: 'unhide' },
  { type: 'separator' },
];

const developmentItems: MenuItemConstructorOptions[] = [
  { type: 'separator' },
  { role: 'reload' },
  { role: 'toggleDevTools' },
];
