import { type ReactNode, useCallback, useEffect, useState } from 'react';
import { createPortal } from 'react-dom';
import { useTranslate } from '../useTranslate';
import { Icon } from './Icon';
import { ToastContext, ToastHomeContext, type ToastContent } from './toast';

const lifetimeMs = 8_000;

type Shown = { readonly content: ToastContent; readonly id: number };

/** Shows the newest toast over `children`, or over the dialog that is open. It waits while the pointer or the focus rests on it. */
export function ToastHost({ children }: { readonly children: ReactNode }) {
  const [toast, setToast] = useState<Shown | null>(null);
  const [home, setHome] = useState<HTMLElement | null>(null);
  const [isHeld, setIsHeld] = useState(false);
  const show = useCallback((content: ToastContent) => {
    setIsHeld(false);
    setToast((last) => ({ content, id: (last?.id ?? 0) + 1 }));
    return () => setToast((last) => (last?.content === content ? null : last));
  }, []);
  const dismiss = useCallback(() => setToast(null), []);
  useEffect(() => {
    if (toast === null || isHeld) return;
    const timer = window.setTimeout(dismiss, lifetimeMs);
    return () => window.clearTimeout(timer);
  }, [toast, isHeld, dismiss]);
  const region = (
    <div role="status" className="toasts">
      {toast && <Toast key={toast.id} toast={toast.content} onDismiss={dismiss} onHold={setIsHeld} />}
    </div>
  );
  return (
    <ToastContext value={show}>
      <ToastHomeContext value={setHome}>{children}</ToastHomeContext>
      {home === null ? region : createPortal(region, home)}
    </ToastContext>
  );
}

type ToastProps = {
  readonly toast: ToastContent;
  readonly onDismiss: () => void;
  readonly onHold: (isHeld: boolean) => void;
};

function Toast({ toast: { text, action }, onDismiss, onHold }: ToastProps) {
  const t = useTranslate();
  return (
    <div
      className="toast"
      onPointerEnter={() => onHold(true)}
      onPointerLeave={() => onHold(false)}
      onFocus={() => onHold(true)}
      onBlur={() => onHold(false)}
    >
      <p>{text}</p>
      {action && (
        <button
          type="button"
          onClick={() => {
            onDismiss();
            action.run();
          }}
        >
          {action.label}
        </button>
      )}
      <button type="button" aria-label={t('action.dismiss')} title={t('action.dismiss')} onClick={onDismiss}>
        <Icon name="close" />
      </button>
    </div>
  );
}
