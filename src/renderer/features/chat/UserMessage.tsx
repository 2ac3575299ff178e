import { memo } from 'react';
import type { Message } from '../../../shared/conversation';
import { langOf } from '../../ui/langOf';
import { useTranslate } from '../../useTranslate';

export const UserMessage = memo(function UserMessage({ message }: { readonly message: Message }) {
  const t = useTranslate();
  return (
    <article
      className="user-message"
      data-testid="message"
      data-role="user"
      data-state={message.state}
      aria-label={t('chat.you')}
    >
      <p lang={langOf(message.text)}>{message.text}</p>
    </article>
  );
});
