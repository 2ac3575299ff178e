import { memo } from 'react';
import type { Message } from '../../../shared/conversation';
import type { WireError } from '../../../shared/wireError';
import { Button } from '../../ui/Button';
import { ErrorNotice } from '../../ui/ErrorNotice';
import { Markdown } from '../../ui/Markdown';
import { useTranslate } from '../../useTranslate';
import { AnswerFooter } from './AnswerFooter';
import type { Prefill } from './chatReducer';
import { isAboutText, wouldRepeat } from './failures';
import { PrefillLine } from './PrefillLine';

type Props = {
  readonly message: Message;
  /** While the prompt of this answer is read. */
  readonly prefill: Prefill | null;
  /** Why writing it anew failed, so that it is still this one; null where nobody tried. */
  readonly notReplaced: WireError | null;
  /** Writes this answer anew; null where it is not the last one, or the model cannot. */
  readonly onRegenerate: ((message: Message) => void) | null;
  /** What was asked; null where nothing was. */
  readonly question: string | null;
  /** Puts a text into the composer; null while that holds a message on its way. */
  readonly onEdit: ((text: string) => void) | null;
  readonly onOpenSettings: () => void;
};

export const Answer = memo(function Answer(props: Props) {
  const { message, prefill, notReplaced, question, onEdit, onOpenSettings } = props;
  const t = useTranslate();
  const { text, state, error } = message;
  const isStreaming = state === 'streaming';
  const canRegenerate = props.onRegenerate !== null && !(error !== null && wouldRepeat(error.code));
  const onRegenerate = (): void => props.onRegenerate?.(message);
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
          {canRegenerate && <Button onClick={onRegenerate}>{t('action.retry')}</Button>}
          {onEdit && question !== null && isAboutText(error.code) && (
            <Button onClick={() => onEdit(question)}>{t('action.edit')}</Button>
          )}
          <Button onClick={onOpenSettings}>{t('action.openSettings')}</Button>
        </ErrorNotice>
      )}
      {notReplaced && (
        <ErrorNotice error={notReplaced} title={t('chat.notReplaced')}>
          {canRegenerate && <Button onClick={onRegenerate}>{t('action.retry')}</Button>}
          <Button onClick={onOpenSettings}>{t('action.openSettings')}</Button>
        </ErrorNotice>
      )}
      {state === 'interrupted' && !error && <p className="answer-empty">{t('chat.interruptedHint')}</p>}
      {!isStreaming && <AnswerFooter message={message} onRegenerate={canRegenerate ? onRegenerate : null} />}
    </article>
  );
});
