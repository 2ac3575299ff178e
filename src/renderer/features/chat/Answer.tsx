import { memo } from 'react';
import type { Message } from '../../../shared/conversation';
import { Button } from '../../ui/Button';
import { ErrorNotice } from '../../ui/ErrorNotice';
import { IconButton } from '../../ui/IconButton';
import { Markdown } from '../../ui/Markdown';
import { useCopy } from '../../ui/useCopy';
import { useTranslate } from '../../useTranslate';
import type { Prefill } from './chatReducer';
import { PrefillLine } from './PrefillLine';
import { ProvenanceLine } from './ProvenanceLine';

type Props = {
  readonly message: Message;
  /** While the prompt of this answer is read. */
  readonly prefill: Prefill | null;
  /** Writes this answer anew; null where it is not the last one, or the model cannot. */
  readonly onRegenerate: (() => void) | null;
  readonly onOpenSettings: () => void;
};

export const Answer = memo(function Answer({ message, prefill, onRegenerate, onOpenSettings }: Props) {
  const t = useTranslate();
  const { isCopied, copy } = useCopy();
  const { text, state, error } = message;
  const isStreaming = state === 'streaming';
  return (
    <article
      className="answer"
      data-testid="message"
      data-role="assistant"
      data-state={state}
      aria-label={t('chat.answer')}
      aria-busy={isStreaming}
    >
      {(text !== '' || isStreaming) && <Markdown text={text} isStreaming={isStreaming} />}
      {text === '' && !isStreaming && !error && <p className="answer-empty">{t('chat.emptyAnswer')}</p>}
      {prefill && <PrefillLine prefill={prefill} />}
      {error && (
        <ErrorNotice error={error}>
          {onRegenerate && <Button onClick={onRegenerate}>{t('action.retry')}</Button>}
          <Button onClick={onOpenSettings}>{t('action.openSettings')}</Button>
        </ErrorNotice>
      )}
      {state === 'interrupted' && !error && <p className="answer-empty">{t('chat.interruptedHint')}</p>}
      {!isStreaming && (
        <footer>
          <ProvenanceLine message={message} />
          <span className="answer-actions">
            {text !== '' && (
              <IconButton
                icon={isCopied ? 'check' : 'copy'}
                label={t(isCopied ? 'action.copied' : 'chat.copyAnswer')}
                onClick={() => copy(text)}
              />
            )}
            {onRegenerate && <IconButton icon="anew" label={t('chat.regenerate')} onClick={onRegenerate} />}
          </span>
        </footer>
      )}
    </article>
  );
});
