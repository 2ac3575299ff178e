import { type ReactNode, useEffect, useRef } from 'react';
import type { TextKey } from '../../../shared/translate';
import type { WireError } from '../../../shared/wireError';
import { ErrorNotice } from '../../ui/ErrorNotice';
import { IconButton } from '../../ui/IconButton';
import { useToastHome } from '../../ui/toast';
import { useTranslate } from '../../useTranslate';
import './settings.css';

const settingsSections = ['general', 'models', 'model', 'hardware', 'about'] as const;
export type SettingsSection = (typeof settingsSections)[number];

type Props = {
  readonly section: SettingsSection;
  readonly onSection: (section: SettingsSection) => void;
  readonly onClose: () => void;
  /** A change that was not taken. */
  readonly error: WireError | null;
  /** The chosen section's content. */
  readonly children: ReactNode;
};

const leads: Readonly<Record<SettingsSection, TextKey>> = {
  general: 'settings.generalLead',
  models: 'settings.modelsLead',
  model: 'settings.modelLead',
  hardware: 'settings.hardwareLead',
  about: 'settings.aboutLead',
};

/** A page over the whole window; a modal dialog to the keyboard and to screen readers. */
export function SettingsView({ section, onSection, onClose, error, children }: Props) {
  const t = useTranslate();
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    if (dialog.current?.open === false) dialog.current.showModal();
  }, []);
  // Closing through the dialog gives the focus back to where it came from.
  const close = (): void => dialog.current?.close();
  return (
    <dialog className="settings" aria-label={t('settings.title')} ref={dialog} onClose={onClose}>
      <nav aria-label={t('settings.title')}>
        <p className="settings-title">{t('settings.title')}</p>
        {settingsSections.map((name) => (
          <button
            key={name}
            type="button"
            aria-current={name === section ? 'page' : undefined}
            onClick={() => onSection(name)}
          >
            {t(`settings.${name}`)}
          </button>
        ))}
      </nav>
      <div className="settings-page" tabIndex={-1}>
        <IconButton className="settings-close" icon="close" label={t('settings.close')} onClick={close} />
        <div className="settings-column">
          <h1>{t(`settings.${section}`)}</h1>
          <p className="lead">{t(leads[section])}</p>
          {error && <ErrorNotice error={error} />}
          {children}
        </div>
        <div ref={useToastHome()} />
      </div>
    </dialog>
  );
}
