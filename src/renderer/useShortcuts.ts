import { useEffect, useEffectEvent } from 'react';

const isMac = (): boolean => /mac/i.test(navigator.platform);

/** `Ctrl+N` or `⌘N`, as this system writes it. */
export const shortcutName = (key: string): string => (isMac() ? `⌘${key}` : `Ctrl+${key}`);

/** Calls the handler of a key pressed together with Ctrl (Cmd on macOS), wherever the focus is. */
export function useShortcuts(handlers: Readonly<Record<string, () => void>>): void {
  const onKeyDown = useEffectEvent((event: KeyboardEvent) => {
    const hasCommand = isMac() ? event.metaKey && !event.ctrlKey : event.ctrlKey && !event.metaKey;
    if (!hasCommand || event.shiftKey || event.altKey || event.isComposing) return;
    const key = event.key.toLowerCase();
    if (!Object.hasOwn(handlers, key)) return;
    event.preventDefault();
    handlers[key]?.();
  });
  useEffect(() => {
    const listener = (event: KeyboardEvent): void => onKeyDown(event);
    window.addEventListener('keydown', listener);
    return () => window.removeEventListener('keydown', listener);
  }, []);
}
