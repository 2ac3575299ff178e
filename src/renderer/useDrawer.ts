import { type FocusEvent, type KeyboardEvent, useCallback, useRef, useState } from 'react';
import { flushSync } from 'react-dom';

/**
 * The sidebar of a narrow window: it lies over the page, and only while it is asked for. The style sheet decides what
 * is narrow; in a wide window the sidebar is always there and its button is not.
 */
export function useDrawer() {
  const [isOpen, setIsOpen] = useState(false);
  const drawer = useRef<HTMLElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const close = useCallback(() => setIsOpen(false), []);
  const open = useCallback(() => {
    flushSync(() => setIsOpen(true)); // what is not shown takes no focus
    drawer.current?.focus();
  }, []);
  const onKeyDown = (event: KeyboardEvent): void => {
    if (!isOpen || event.key !== 'Escape') return;
    event.preventDefault(); // it closes the drawer, and does not stop an answer too
    close();
    button.current?.focus();
  };
  const onBlur = ({ currentTarget, relatedTarget }: FocusEvent): void => {
    if (relatedTarget !== null && !currentTarget.contains(relatedTarget)) close();
  };
  return {
    isOpen,
    close,
    drawerProps: { id: 'sidebar', ref: drawer, tabIndex: -1, 'data-open': isOpen || undefined, onKeyDown, onBlur },
    buttonProps: { ref: button, 'aria-controls': 'sidebar', 'aria-expanded': isOpen, onClick: open },
  };
}
