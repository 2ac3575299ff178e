import type { ReactNode } from 'react';
import { useTranslate } from '../useTranslate';
import { useCopy } from './useCopy';

type Props = {
  readonly language: string | null;
  /** What is copied. */
  readonly code: string;
  /** The code as shown, coloured or not. */
  readonly children: ReactNode;
};

export function CodeBlock({ language, code, children }: Props) {
  const t = useTranslate();
  const { isCopied, copy } = useCopy();
  return (
    <figure className="code-block">
      <figcaption>
        <span>{language ?? t('markdown.code')}</span>
        <button type="button" aria-label={t('markdown.copyCode')} onClick={() => copy(code)}>
          {t(isCopied ? 'action.copied' : 'action.copy')}
        </button>
      </figcaption>
      {/* Wide code scrolls, so the keyboard must be able to reach it. */}
      <pre tabIndex={0} role="region" aria-label={language ?? t('markdown.code')}>
        {children}
      </pre>
    </figure>
  );
}
