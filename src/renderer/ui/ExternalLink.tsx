import type { ReactNode } from 'react';
import { errorText } from '../../shared/errorText';
import { call, wireErrorOf } from '../ipc';
import { useTranslate } from '../useTranslate';
import { useToast } from './toast';

/** A link that main opens outside after asking. `url` has passed `safeUrl`. */
export function ExternalLink({ url, children }: { readonly url: string; readonly children: ReactNode }) {
  const t = useTranslate();
  const showToast = useToast();
  const open = (): void => {
    call('system.openLink', { url }).catch((error: unknown) => {
      showToast({ text: errorText(t, wireErrorOf(error)) });
    });
  };
  return (
    <a
      href={url}
      title={url}
      onClick={(event) => {
        event.preventDefault();
        open();
      }}
    >
      {children}
    </a>
  );
}
