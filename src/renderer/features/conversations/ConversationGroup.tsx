import type { Conversation, ConversationId } from '../../../shared/conversation';
import { useTranslate } from '../../useTranslate';
import { ConversationRow } from './ConversationRow';
import { rowPx, type ShownGroup } from './listWindow';

type Props = {
  readonly group: ShownGroup;
  readonly selectedId: ConversationId | null;
  readonly renamingId: ConversationId | null;
  /** The one row that Tab reaches; arrow keys go on from there. */
  readonly tabStopId: ConversationId | null;
  readonly onOpen: (conversation: Conversation) => void;
  readonly onStartRename: (conversation: Conversation | null) => void;
  readonly onRename: (conversation: Conversation, title: string) => void;
  readonly onDelete: (conversation: Conversation) => void;
};

/** A heading and its rows. All of them have their place; only those that are shown are in the document. */
export function ConversationGroup({ group, selectedId, renamingId, tabStopId, ...actions }: Props) {
  const t = useTranslate();
  return (
    <section>
      <h2>{t(`conversations.${group.age}`)}</h2>
      <ul style={{ height: group.count * rowPx }}>
        {group.rows.map(({ conversation, place }) => (
          <ConversationRow
            key={conversation.id}
            conversation={conversation}
            place={place}
            count={group.count}
            isOpen={conversation.id === selectedId}
            isRenaming={conversation.id === renamingId}
            isTabStop={conversation.id === tabStopId}
            {...actions}
          />
        ))}
      </ul>
    </section>
  );
}
