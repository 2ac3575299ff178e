import { memo } from 'react';
import type { Message } from '../../../shared/conversation';
import { Answer } from './Answer';
import type { Prefill } from './chatReducer';
import { UserMessage } from './UserMessage';
import { useShownFrom } from './useShownFrom';

type Props = {
  readonly messages: readonly Message[];
  readonly prefill: Prefill | null;
  /** Null while nothing can be written anew. */
  readonly onRegenerate: (() => void) | null;
  readonly onOpenSettings: () => void;
};

/** A message renders again only when it changed itself, or ceased to be the last. */
export const MessageList = memo(function MessageList({ messages, prefill, onRegenerate, onOpenSettings }: Props) {
  const last = messages.at(-1);
  const shownFrom = useShownFrom(messages.length);
  return messages
    .slice(shownFrom)
    .map((message) =>
      message.role === 'user' ? (
        <UserMessage key={message.id} message={message} />
      ) : (
        <Answer
          key={message.id}
          message={message}
          prefill={prefill?.messageId === message.id ? prefill : null}
          onRegenerate={message === last && message.state !== 'streaming' ? onRegenerate : null}
          onOpenSettings={onOpenSettings}
        />
      ),
    );
});
