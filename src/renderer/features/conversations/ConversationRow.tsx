import { type KeyboardEvent, memo } from 'react';
import type { Conversation } from '../../../shared/conversation';
import { IconButton } from '../../ui/IconButton';
import { useTranslate } from '../../useTranslate';
import { RenameField } from './RenameField';

type RowProps = {
  readonly conversation: Conversation;
  readonly isOpen: boolean;
  readonly isRenaming: boolean;
  /** The one row that Tab reaches; arrow keys go on from there. */
  readonly isTabStop: boolean;
  readonly onOpen: (conversation: Conversation) => void;
  readonly onStartRename: (conversation: Conversation | null) => void;
  readonly onRename: (conversation: Conversation, title: string) => void;
  readonly onDelete: (conversation: Conversation) => void;
};

export const ConversationRow = memo(function ConversationRow(props: RowProps) {
  const { conversation, isOpen, isRenaming, isTabStop } = props;
  const t = useTranslate();
  const title = conversation.title || t('conversations.untitled');
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'F2') {
      event.preventDefault(); // this row, whichever is open
      props.onStartRename(conversation);
    } else if (event.key === 'Delete') props.onDelete(conversation);
  };
  if (isRenaming) {
    return (
      <li className="conversation">
        <RenameField
          title={conversation.title}
          onDone={(newTitle) => {
            props.onStartRename(null);
            if (newTitle !== null) props.onRename(conversation, newTitle);
          }}
        />
      </li>
    );
  }
  return (
    <li className="conversation" data-open={isOpen || undefined}>
      <button
        type="button"
        className="conversation-title"
        data-conversation={conversation.id}
        aria-current={isOpen ? 'page' : undefined}
        tabIndex={isTabStop ? 0 : -1}
        title={title}
        onClick={() => props.onOpen(conversation)}
        onDoubleClick={() => props.onStartRename(conversation)}
        onKeyDown={onKeyDown}
      >
        {title}
      </button>
      <span className="conversation-actions">
        <IconButton
          icon="pencil"
          label={t('conversations.rename', { title })}
          tabIndex={isTabStop ? 0 : -1}
          onClick={() => props.onStartRename(conversation)}
        />
        <IconButton
          icon="trash"
          label={t('conversations.delete', { title })}
          tabIndex={isTabStop ? 0 : -1}
          onClick={() => props.onDelete(conversation)}
        />
      </span>
    </li>
  );
});
