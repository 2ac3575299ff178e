import { useLayoutEffect, useSyncExternalStore } from 'react';
import type { ThemeSetting } from '../shared/settings';

const darkSystem = '(prefers-color-scheme: dark)';

/** Draws the theme of the settings, or the system's: tokens.css goes by the attribute that this sets. Main sets the native theme too,
 *  for menus and dialogs, but what the page draws must not depend on which of the two is first. */
export function useTheme(setting: ThemeSetting): void {
  const isSystemDark = useSyncExternalStore(watchSystem, () => matchMedia(darkSystem).matches);
  const theme = setting === 'system' ? (isSystemDark ? 'dark' : 'light') : setting;
  useLayoutEffect(() => {
    document.documentElement.dataset['theme'] = theme;
  }, [theme]);
}

function watchSystem(onChange: () => void): () => void {
  const query = matchMedia(darkSystem);
  query.addEventListener('change', onChange);
  return () => query.removeEventListener('change', onChange);
}
