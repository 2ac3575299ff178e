import { memo } from 'react';
import type { Message } from '../../../shared/conversation';
import { IconButton } from '../../ui/IconButton';
import { langOf } from '../../ui/langOf';
import { useCopy } from '../../ui/useCopy';
import { useTranslate } from '../../useTranslate';

type Props = {
  readonly message: Message;
  /** Puts a text into the composer; null while that holds a message on its way. */
  readonly onEdit: ((text: string) => void) | null;
};

export const UserMessage = memo(function UserMessage({ message: { text, state }, onEdit }: Props) {
  const t = useTranslate();
  const { isCopied, copy } = useCopy();
  return (
    <article
      className="user-message"
      data-testid="message"
      data-role="user"
      data-state={state}
      aria-label={t('chat.you')}
    >
      <p lang={langOf(text)}>{text}</p>
      <span className="message-actions">
        <IconButton
          icon={isCopied ? 'check' : 'copy'}
          label={t(isCopied ? 'action.copied' : 'chat.copyMessage')}
          onClick={() => copy(text)}
        />
        {onEdit && <IconButton icon="pencil" label={t('chat.editMessage')} onClick={() => onEdit(text)} />}
      </span>
    </article>
  );
});
