import { memo } from 'react';
import type { Message } from '../../../shared/conversation';
import type { NotReplaced } from '../../../shared/ipc/routes/chat';
import { Answer } from './Answer';
import type { Prefill } from './chatReducer';
import { UserMessage } from './UserMessage';
import { useShownFrom } from './useShownFrom';

type Props = {
  readonly messages: readonly Message[];
  readonly prefill: Prefill | null;
  readonly notReplaced: NotReplaced | null;
  /** Null while nothing can be written anew. */
  readonly onRegenerate: ((message: Message) => void) | null;
  /** Puts a text into the composer; null while that holds a message on its way. */
  readonly onEdit: ((text: string) => void) | null;
  readonly onOpenSettings: () => void;
};

/** A message renders again only when it changed itself, or ceased to be the last. */
export const MessageList = memo(function MessageList(props: Props) {
  const { messages, prefill, notReplaced, onRegenerate, onEdit, onOpenSettings } = props;
  const last = messages.at(-1);
  const shownFrom = useShownFrom(messages.length);
  return messages
    .slice(shownFrom)
    .map((message, index) =>
      message.role === 'user' ? (
        <UserMessage key={message.id} message={message} onEdit={onEdit} />
      ) : (
        <Answer
          key={message.id}
          message={message}
          prefill={prefill?.messageId === message.id ? prefill : null}
          notReplaced={notReplaced?.messageId === message.id ? notReplaced.error : null}
          onRegenerate={message === last && message.state !== 'streaming' ? onRegenerate : null}
          question={textOf(messages[shownFrom + index - 1])}
          onEdit={onEdit}
          onOpenSettings={onOpenSettings}
        />
      ),
    );
});

const textOf = (asked: Message | undefined): string | null => (asked?.role === 'user' ? asked.text : null);
