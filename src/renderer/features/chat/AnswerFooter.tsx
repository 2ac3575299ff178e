import { useId, useState } from 'react';
import type { Message } from '../../../shared/conversation';
import { Button } from '../../ui/Button';
import { IconButton } from '../../ui/IconButton';
import { useCopy } from '../../ui/useCopy';
import { useLanguage, useTranslate } from '../../useTranslate';
import { factsOf, withDetails } from './describeProvenance';
import { ProvenanceLine } from './ProvenanceLine';

type Props = {
  readonly message: Message;
  readonly onRegenerate: (() => void) | null;
};

/** Under an answer: what made it, on request in full, and what can be done with it. */
export function AnswerFooter({ message, onRegenerate }: Props) {
  const t = useTranslate();
  const { isCopied, copy } = useCopy();
  const [isWhole, setIsWhole] = useState(false);
  const detailsId = useId();
  const { text, provenance } = message;
  return (
    <footer>
      <ProvenanceLine message={message} />
      {provenance && (
        <button
          type="button"
          className="details-button"
          aria-expanded={isWhole}
          aria-controls={detailsId}
          onClick={() => setIsWhole(!isWhole)}
        >
          {t('chat.details')}
        </button>
      )}
      <span className="message-actions">
        {text !== '' && (
          <IconButton
            icon={isCopied ? 'check' : 'copy'}
            label={t(isCopied ? 'action.copied' : 'chat.copyAnswer')}
            onClick={() => copy(text)}
          />
        )}
        {onRegenerate && <IconButton icon="anew" label={t('chat.regenerate')} onClick={onRegenerate} />}
      </span>
      {provenance && isWhole && <Details id={detailsId} text={text} provenance={provenance} />}
    </footer>
  );
}

type DetailsProps = {
  readonly id: string;
  readonly text: string;
  readonly provenance: NonNullable<Message['provenance']>;
};

function Details({ id, text, provenance }: DetailsProps) {
  const t = useTranslate();
  const language = useLanguage();
  const { isCopied, copy } = useCopy();
  return (
    <div className="answer-details latin-marks" id={id} data-testid="answer-details">
      <dl>
        {factsOf(provenance, t, language).map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <Button onClick={() => copy(withDetails(text, provenance, t))}>
        {t(isCopied ? 'action.copied' : 'chat.copyWithDetails')}
      </Button>
    </div>
  );
}
