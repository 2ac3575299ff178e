import { useCallback, useEffect, useState } from 'react';
import type { ConversationId } from '../shared/conversation';
import type { ModelStatus } from '../shared/model';
import { createDrafts } from './drafts';
import { ChatView } from './features/chat/ChatView';
import { ConversationList } from './features/conversations/ConversationList';
import { ModelChip } from './features/model/ModelChip';
import { ModelNotice } from './features/model/ModelNotice';
import type { SettingsSection } from './features/settings/SettingsView';
import { Sidebar } from './Sidebar';
import { ErrorNotice } from './ui/ErrorNotice';
import { isDialogOpen } from './ui/isDialogOpen';
import { useNow } from './useNow';
import { useOpenConversation } from './useOpenConversation';
import { useShortcuts } from './useShortcuts';
import { useTranslate } from './useTranslate';
import { useWatch } from './useWatch';

type Props = {
  readonly status: ModelStatus | null;
  readonly onOpenSettings: (section: SettingsSection) => void;
};

const readinessOf = {
  ready: 'ready',
  loading: 'modelLoading',
  failed: 'modelFailed',
  unloaded: 'modelUnloaded',
} as const satisfies Record<ModelStatus['state'], string>;

/** The conversations on the left, the open one on the right. */
export function Desk({ status, onOpenSettings }: Props) {
  const t = useTranslate();
  const nowMs = useNow();
  const { value: conversations, error } = useWatch('conversations.watch');
  const [openId, setOpenId] = useOpenConversation();
  const [blankCount, setBlankCount] = useState(0); // asking for a new conversation again focuses it again
  const [drafts] = useState(() => createDrafts(sessionStorage));
  const startNew = useCallback(() => {
    setOpenId(null);
    setBlankCount((count) => count + 1);
  }, [setOpenId]);
  const onStarted = useCallback((id: ConversationId) => setOpenId((open) => open ?? id), [setOpenId]);
  const openModelSettings = useCallback(() => onOpenSettings('model'), [onOpenSettings]);
  useShortcuts({ n: () => isDialogOpen() || startNew() });

  const model = status?.state === 'ready' ? status.model : null;
  const title = conversations?.find(({ id }) => id === openId)?.title || t('conversations.untitled');
  useEffect(() => {
    document.title = `${title} – ${t('app.name')}`;
  }, [title, t]);
  return (
    <div className="app">
      <a className="skip-link" href="#composer">
        {t('app.skipToMessage')}
      </a>
      <Sidebar memory={model?.memory ?? null} onNew={startNew} onOpenSettings={() => onOpenSettings('general')}>
        {error && <ErrorNotice error={error} />}
        <ConversationList conversations={conversations} nowMs={nowMs} selectedId={openId} onSelect={setOpenId} />
      </Sidebar>
      <ChatView
        key={openId ?? `new ${blankCount}`}
        conversationId={openId}
        title={title}
        model={{
          readiness: status === null ? 'modelLoading' : readinessOf[status.state],
          isDemo: model?.isDemo ?? false,
          contextLength: model?.contextLength ?? null,
        }}
        drafts={drafts}
        notice={<ModelNotice status={status} onOpenSettings={openModelSettings} />}
        renderChip={(tokensPerSecond) => (
          <ModelChip status={status} tokensPerSecond={tokensPerSecond} onOpen={openModelSettings} />
        )}
        onStarted={onStarted}
        onOpenSettings={openModelSettings}
      />
    </div>
  );
}
