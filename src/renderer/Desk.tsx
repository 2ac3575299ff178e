import { useCallback, useEffect, useState } from 'react';
import type { ConversationId } from '../shared/conversation';
import type { LibraryState } from '../shared/library';
import type { ModelStatus } from '../shared/model';
import { createDrafts } from './drafts';
import { ChatView } from './features/chat/ChatView';
import { ConversationList } from './features/conversations/ConversationList';
import { useConversationList } from './features/conversations/useConversationList';
import { InstallLine } from './features/library/InstallLine';
import { ReadyNotice } from './features/library/ReadyNotice';
import { ModelChip } from './features/model/ModelChip';
import { ModelNotice } from './features/model/ModelNotice';
import type { SettingsSection } from './features/settings/SettingsView';
import { Sidebar } from './Sidebar';
import { ErrorNotice } from './ui/ErrorNotice';
import { IconButton } from './ui/IconButton';
import { isDialogOpen } from './ui/isDialogOpen';
import { useDemo } from './useDemo';
import { useDrawer } from './useDrawer';
import { useIsDemo } from './useIsDemo';
import { useNow } from './useNow';
import { useOpenConversation } from './useOpenConversation';
import { useShortcuts } from './useShortcuts';
import { useTranslate } from './useTranslate';

type Props = {
  readonly status: ModelStatus | null;
  readonly library: LibraryState | null;
  readonly onOpenSettings: (section: SettingsSection) => void;
};

const readinessOf = {
  ready: 'ready',
  loading: 'modelLoading',
  failed: 'modelFailed',
  unloaded: 'modelUnloaded',
} as const satisfies Record<ModelStatus['state'], string>;

const hasOnlyDemo = (library: LibraryState | null): boolean =>
  library !== null &&
  library.models.every(
    ({ isDemo, installed, installation }) => isDemo || (installed === null && installation === null),
  );

/** What a conversation has to know of the model. */
const chatModelOf = (status: ModelStatus | null, isDemo: boolean | null) =>
  ({
    readiness: status === null ? 'modelLoading' : readinessOf[status.state],
    isDemo,
    contextLength: status?.state === 'ready' ? status.model.contextLength : null,
  }) as const;

/** The conversations on the left, the open one on the right. */
export function Desk({ status, library, onOpenSettings }: Props) {
  const t = useTranslate();
  const nowMs = useNow();
  const { conversations, error } = useConversationList();
  const { id: openId, viewKey, takesFocus, choose, startNew, leave, begin, drawer, drafts } = useDesk();
  const openModelSettings = useCallback(() => onOpenSettings('model'), [onOpenSettings]);
  const isDemo = useIsDemo(status);
  const title = conversations?.find(({ id }) => id === openId)?.title || t('conversations.untitled');
  useWindowTitle(`${title} – ${t('app.name')}`);
  return (
    <div className="app">
      <a className="skip-link" href="#composer">
        {t('app.skipToMessage')}
      </a>
      <Sidebar
        memory={status?.state === 'ready' ? status.model.memory : null}
        drawer={drawer.drawerProps}
        installLine={<InstallLine library={library} onOpen={() => onOpenSettings('models')} />}
        onNew={startNew}
        onOpenSettings={() => onOpenSettings('general')}
      >
        {error && <ErrorNotice error={error} />}
        <ConversationList
          conversations={conversations}
          nowMs={nowMs}
          selectedId={openId}
          onSelect={choose}
          onLeave={leave}
        />
      </Sidebar>
      <div className="drawer-backdrop" onClick={drawer.close} />
      <ChatView
        key={viewKey}
        conversationId={openId}
        title={title}
        model={chatModelOf(status, isDemo)}
        drafts={drafts}
        takesFocus={takesFocus}
        drawerButton={
          <IconButton className="drawer-button" icon="menu" label={t('conversations.title')} {...drawer.buttonProps} />
        }
        notice={<Notices status={status} library={library} onOpenSettings={openModelSettings} />}
        renderChip={(tokensPerSecond) => (
          <ModelChip
            status={status}
            isDemo={isDemo === true}
            tokensPerSecond={tokensPerSecond}
            onOpen={openModelSettings}
          />
        )}
        onStarted={begin}
        onOpenSettings={openModelSettings}
        onGetModel={hasOnlyDemo(library) ? () => onOpenSettings('models') : null}
      />
    </div>
  );
}

type NoticesProps = Pick<Props, 'status' | 'library'> & { readonly onOpenSettings: () => void };

/** What is to be known or decided of models, above the composer. */
function Notices({ status, library, onOpenSettings }: NoticesProps) {
  const chooseDemo = useDemo(library);
  return (
    <>
      <ReadyNotice library={library} />
      <ModelNotice status={status} onOpenSettings={onOpenSettings} onUseDemo={chooseDemo} />
    </>
  );
}

/** Which conversation is open, what is being written where, and the drawer that closes once one has been chosen. */
function useDesk() {
  const { id, blankCount, takesFocus, open, startNew: startBlank, leave, begin } = useOpenConversation();
  const drawer = useDrawer();
  const [drafts] = useState(() => createDrafts(sessionStorage));
  const { close } = drawer;
  const choose = useCallback(
    (chosen: ConversationId) => {
      close();
      open(chosen);
    },
    [close, open],
  );
  const startNew = useCallback(() => {
    close();
    startBlank();
  }, [close, startBlank]);
  useShortcuts({ n: () => isDialogOpen() || startNew() });
  return { id, viewKey: id ?? `new ${blankCount}`, takesFocus, choose, startNew, leave, begin, drawer, drafts };
}

function useWindowTitle(title: string): void {
  useEffect(() => {
    document.title = title;
  }, [title]);
}
