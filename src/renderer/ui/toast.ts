import { createContext, useContext } from 'react';

export type ToastContent = {
  readonly text: string;
  /** What can still be done about it. */
  readonly action?: { readonly label: string; readonly run: () => void };
};

/** Returns what takes the note back, for when it is no longer true. */
export type ShowToast = (toast: ToastContent) => () => void;

/** Provided by ToastHost; outside of one (a component shown alone in a test) nothing is shown. */
export const ToastContext = createContext<ShowToast>(() => () => undefined);

/** Shows a short note over the window; a newer one replaces it. */
export const useToast = (): ShowToast => useContext(ToastContext);

/** Provided by ToastHost. */
export const ToastHomeContext = createContext<(home: HTMLElement | null) => void>(() => undefined);

/**
 * The `ref` of an element that toasts move into while it is there: a modal dialog lies over everything outside of it
 * and lets nothing there be clicked.
 */
export const useToastHome = (): ((home: HTMLElement | null) => void) => useContext(ToastHomeContext);
