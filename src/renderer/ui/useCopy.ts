import { useCallback, useEffect, useRef, useState } from 'react';
import { useTranslate } from '../useTranslate';
import { useToast } from './toast';

/** Copies text and says so for a moment; a clipboard that refuses is reported in words. */
export function useCopy(): { readonly isCopied: boolean; readonly copy: (text: string) => void } {
  const t = useTranslate();
  const showToast = useToast();
  const [isCopied, setIsCopied] = useState(false);
  const timer = useRef<number | undefined>(undefined);
  useEffect(() => () => window.clearTimeout(timer.current), []);
  const copy = useCallback(
    (text: string) => {
      navigator.clipboard.writeText(text).then(
        () => {
          setIsCopied(true);
          window.clearTimeout(timer.current);
          timer.current = window.setTimeout(() => setIsCopied(false), 1_600);
        },
        () => showToast({ text: t('action.copyFailed') }),
      );
    },
    [showToast, t],
  );
  return { isCopied, copy };
}
