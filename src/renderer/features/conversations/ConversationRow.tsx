import type { KeyboardEvent, ReactNode } from 'react';
import type { Conversation } from '../../../shared/conversation';
import { IconButton } from '../../ui/IconButton';
import { useTranslate } from '../../useTranslate';
import { rowPx } from './listWindow';
import { RenameField } from './RenameField';

type RowProps = {
  readonly conversation: Conversation;
  /** From 0, among `count` of its group. */
  readonly place: number;
  readonly count: number;
  readonly isOpen: boolean;
  readonly isRenaming: boolean;
  /** The one row that Tab reaches; arrow keys go on from there. */
  readonly isTabStop: boolean;
  readonly onOpen: (conversation: Conversation) => void;
  readonly onStartRename: (conversation: Conversation | null) => void;
  readonly onRename: (conversation: Conversation, title: string) => void;
  readonly onDelete: (conversation: Conversation) => void;
};

export function ConversationRow(props: RowProps) {
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
      <Row {...props}>
        <RenameField
          title={conversation.title}
          onDone={(newTitle) => {
            props.onStartRename(null);
            if (newTitle !== null) props.onRename(conversation, newTitle);
          }}
        />
      </Row>
    );
  }
  return (
    <Row {...props}>
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
    </Row>
  );
}

type PlaceProps = Pick<RowProps, 'conversation' | 'place' | 'count' | 'isOpen'> & { readonly children: ReactNode };

/** Says where it belongs to those who cannot see that its neighbours are missing from the document. */
const Row = ({ conversation, place, count, isOpen, children }: PlaceProps) => (
  <li
    className="conversation"
    data-row={conversation.id}
    data-open={isOpen || undefined}
    aria-posinset={place + 1}
    aria-setsize={count}
    style={{ top: place * rowPx }}
  >
    {children}
  </li>
);
