import type { ComponentProps, ReactNode } from 'react';
import type { MemoryUse } from '../shared/model';
import { MemoryBar } from './features/model/MemoryBar';
import { Icon } from './ui/Icon';
import { IconButton } from './ui/IconButton';
import { Seal } from './ui/Seal';
import { shortcutName } from './useShortcuts';
import { useTranslate } from './useTranslate';

type Props = {
  readonly memory: MemoryUse | null;
  /** What makes it a drawer where the window is narrow. */
  readonly drawer: ComponentProps<'aside'>;
  /** What is being fetched. */
  readonly installLine: ReactNode;
  readonly onNew: () => void;
  readonly onOpenSettings: () => void;
  /** The list of conversations. */
  readonly children: ReactNode;
};

export function Sidebar({ memory, drawer, installLine, onNew, onOpenSettings, children }: Props) {
  const t = useTranslate();
  return (
    <aside className="sidebar" {...drawer}>
      <div className="brand">
        <Seal />
        <span>{t('app.name')}</span>
        <IconButton
          icon="plus"
          label={t('conversations.new')}
          title={`${t('conversations.new')} (${shortcutName('N')})`}
          onClick={onNew}
        />
      </div>
      {children}
      <div className="sidebar-foot">
        {installLine}
        <MemoryBar memory={memory} size="small" />
        <button type="button" className="sidebar-button" onClick={onOpenSettings}>
          <Icon name="settings" />
          {t('settings.title')}
          <kbd aria-hidden="true">{shortcutName(',')}</kbd>
        </button>
      </div>
    </aside>
  );
}
