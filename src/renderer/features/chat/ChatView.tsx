import { type ReactNode, useState } from 'react';
import type { ConversationId } from '../../../shared/conversation';
import type { Drafts } from '../../drafts';
import { ErrorNotice } from '../../ui/ErrorNotice';
import { useTranslate } from '../../useTranslate';
import { Composer } from './Composer';
import type { Readiness } from './composerProps';
import { ContextUsed } from './ContextUsed';
import { EmptyChat } from './EmptyChat';
import { exampleKeys, nextExample } from './examples';
import { contextUsed, lastRate } from './lastFigures';
import { MessageList } from './MessageList';
import { NextExample } from './NextExample';
import { Thread } from './Thread';
import { useChat } from './useChat';
import { takesMessages } from './useComposer';
import { useEdit } from './useEdit';
import { useTurn } from './useTurn';
import './chat.css';

type Props = {
  /** Null is a conversation that begins with its first message. Give this component the id as its key. */
  readonly conversationId: ConversationId | null;
  readonly title: string;
  readonly model: {
    readonly readiness: Exclude<Readiness, 'answering'>;
    /** Null while nobody knows. */
    readonly isDemo: boolean | null;
    readonly contextLength: number | null;
  };
  /** Unsent text by conversation; it outlives this component. */
  readonly drafts: Drafts;
  /** Whether the composer takes the focus as this conversation opens. */
  readonly takesFocus: boolean;
  /** What stands at the left of the head. */
  readonly drawerButton: ReactNode;
  /** Why the model cannot answer now, above the composer. */
  readonly notice: ReactNode;
  /** What stands at the right of the head; it is told the speed of the newest answer. */
  readonly renderChip: (tokensPerSecond: number | null) => ReactNode;
  readonly onStarted: (id: ConversationId) => void;
  readonly onOpenSettings: () => void;
  /** To a model for real work; null where one is here or on its way. */
  readonly onGetModel: (() => void) | null;
};

/** One conversation: its messages and the place to write the next. */
export function ChatView(props: Props) {
  const { conversationId, title, model, drafts, notice, renderChip, onStarted, onOpenSettings } = props;
  const t = useTranslate();
  const { messages, prefill, notReplaced, isKnown, watchError } = useChat(conversationId);
  const [sentCount, setSentCount] = useState(0);
  const isAnswering = messages.at(-1)?.state === 'streaming';
  const turn = useTurn({ conversationId, isAnswering, notReplaced, onStarted });
  const { edit, editCount } = useEdit(drafts, conversationId);
  const readiness = isAnswering ? 'answering' : model.readiness;
  const canSend = takesMessages(readiness) && !turn.isRunning;
  const examples = exampleKeys.map((key) => t(key));
  const example = model.isDemo === true && canSend ? nextExample(messages, examples) : null;
  const isEmpty = conversationId === null || (isKnown && messages.length === 0);
  const send = (text: string): Promise<boolean> => {
    setSentCount((count) => count + 1);
    return turn.send(text);
  };
  const sendExample = (text: string): void => void send(text);
  const empty = { isDemo: model.isDemo, isDisabled: !canSend, onExample: sendExample, onGetModel: props.onGetModel };
  return (
    <main className="chat">
      <header>
        {props.drawerButton}
        <h1>{title}</h1>
        {renderChip(lastRate(messages))}
      </header>
      <Thread isEmpty={isEmpty} sentCount={sentCount}>
        {isEmpty && <EmptyChat {...empty} />}
        <MessageList
          messages={messages}
          prefill={prefill}
          notReplaced={notReplaced}
          onRegenerate={canSend ? turn.regenerate : null}
          onEdit={turn.isRunning ? null : edit}
          onOpenSettings={onOpenSettings}
        />
        {watchError && <ErrorNotice error={watchError} />}
        {example !== null && <NextExample text={example} onChoose={sendExample} />}
      </Thread>
      <div className="composer-frame">
        {notice}
        {turn.error && <ErrorNotice error={turn.error} />}
        <Composer
          key={editCount}
          readiness={readiness}
          takesFocus={props.takesFocus || editCount > 0}
          initialText={drafts.of(conversationId)}
          onDraft={(text) => drafts.keep(conversationId, text)}
          onSend={send}
          onStop={turn.stop}
        >
          <ContextUsed used={contextUsed(messages)} limit={model.contextLength} />
        </Composer>
      </div>
      <p role="status" className="visually-hidden">
        {messages.length > 0 && t(isAnswering ? 'chat.statusAnswering' : 'chat.statusDone')}
      </p>
    </main>
  );
}
