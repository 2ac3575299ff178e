import { createContext, useContext } from 'react';

export type ToastContent = {
  readonly text: string;
  /** What can still be done about it. */
  readonly action?: { readonly label: string; readonly run: () => void };
};

/** Provided by ToastHost; outside of one (a component shown alone in a test) nothing is shown. */
export const ToastContext = createContext<(toast: ToastContent) => void>(() => undefined);

/** Shows a short note at the foot of the window; a newer one replaces it. */
export const useToast = (): ((toast: ToastContent) => void) => useContext(ToastContext);

/** Provided by ToastHost. */
export const ToastHomeContext = createContext<(home: HTMLElement | null) => void>(() => undefined);

/**
 * The `ref` of an element that toasts move into while it is there: a modal dialog lies over everything outside of it
 * and lets nothing there be clicked.
 */
export const useToastHome = (): ((home: HTMLElement | null) => void) => useContext(ToastHomeContext);
