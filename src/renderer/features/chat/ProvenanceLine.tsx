import type { Message } from '../../../shared/conversation';
import type { TextKey } from '../../../shared/translate';
import { useLanguage, useTranslate } from '../../useTranslate';
import { costsOf, precisionOf } from './describeProvenance';

/** States that need a word; an answer that ended by itself needs none. */
const endings: Readonly<Partial<Record<Message['state'], TextKey>>> = {
  stopped: 'chat.stopped',
  length: 'chat.length',
  interrupted: 'chat.interrupted',
};

/** What made an answer, how it ended, and what it cost, as far as it is known. */
export function ProvenanceLine({ message: { state, provenance, error } }: { readonly message: Message }) {
  const t = useTranslate();
  const language = useLanguage();
  const ending = error === null ? endings[state] : undefined; // an error says it better
  return (
    <p className="provenance latin-marks" data-testid="provenance">
      {ending && (
        <span className="tag" data-tone="warn">
          {t(ending)}
        </span>
      )}
      {provenance && (
        <>
          <b>{precisionOf(provenance, t)}</b>
          <span>{t(`model.device.${provenance.device}`)}</span>
          {costsOf(provenance, t, language).map((cost) => (
            <span key={cost}>{cost}</span>
          ))}
        </>
      )}
    </p>
  );
}
