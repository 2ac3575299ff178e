import { useCallback, useState } from 'react';
import type { SettingsAccess } from './features/settings/useSettings';

/** Whether the first steps are shown: once, until they are taken or left, and again when asked for. Null until main has told. */
export function useFirstRunOpen({ settings, isKnown, error, change }: SettingsAccess) {
  // What the user did in this window holds even where the settings could not be stored.
  const [asked, setAsked] = useState<'open' | 'left' | null>(null);
  const leave = useCallback(() => {
    setAsked('left');
    if (!settings.hasStarted) change({ hasStarted: true });
  }, [settings.hasStarted, change]);
  const open = useCallback(() => setAsked('open'), []);
  const isDue = isKnown ? !settings.hasStarted : error === null ? null : false;
  return { isOpen: asked === null ? isDue : asked === 'open', open, leave };
}
