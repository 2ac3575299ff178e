import type { ReactNode } from 'react';
import { errorText } from '../../shared/errorText';
import type { WireError } from '../../shared/wireError';
import { useTranslate } from '../useTranslate';
import { Button } from './Button';
import { joinSentences } from './joinSentences';
import { useCopy } from './useCopy';

type Props = {
  readonly error: WireError;
  /** What did not work, where the sentence of the error does not say it. */
  readonly title?: string;
  /** Said after the sentence of the error. */
  readonly addition?: string | null;
  /** Buttons that lead on: try again, open settings. */
  readonly children?: ReactNode;
};

/** A failure in a sentence with its next step; the details can be copied for a report. */
export function ErrorNotice({ error, title, addition, children }: Props) {
  const t = useTranslate();
  const { isCopied, copy } = useCopy();
  return (
    <div className="notice" role="alert" data-code={error.code}>
      <div>
        {title !== undefined && <b>{title}</b>}
        <p>{joinSentences(errorText(t, error), ...(addition ? [addition] : []))}</p>
      </div>
      <div className="notice-actions">
        {children}
        <Button variant="plain" onClick={() => copy(errorDetails(error))}>
          {t(isCopied ? 'action.copied' : 'action.copyDetails')}
        </Button>
      </div>
    </div>
  );
}

/** What a report needs: the code, the parameters, when, and what this window is. */
const errorDetails = ({ code, params }: WireError): string =>
  JSON.stringify({ code, params, at: new Date().toISOString(), window: navigator.userAgent }, null, 2);
