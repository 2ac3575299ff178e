import { useState } from 'react';
import type { LibraryModel, LibraryState } from '../../../shared/library';
import type { Settings, SettingsChange } from '../../../shared/settings';
import type { Verdict } from '../../../shared/verdict';
import { formatBytes } from '../../formatFigures';
import { call } from '../../ipc';
import { Button } from '../../ui/Button';
import { CheckLine } from '../../ui/CheckLine';
import { ErrorNotice } from '../../ui/ErrorNotice';
import { ExternalLink } from '../../ui/ExternalLink';
import { useAction } from '../../useAction';
import { useLanguage, useTranslate } from '../../useTranslate';
import { wayWords } from '../../verdictWords';
import { DiskWords, OriginalsWords } from './DiskWords';
import './library.css';

type Props = {
  readonly model: LibraryModel;
  /** The way it is to be prepared for; null while none is chosen. */
  readonly verdict: Verdict | null;
  readonly library: LibraryState;
  readonly settings: Settings;
  readonly onChange: (change: SettingsChange) => void;
  readonly onStarted: () => void;
};

/** What is to be fetched, and the last questions before that: what stays on the disk, and the licence. */
export function InstallForm({ model, verdict, library, settings, onChange, onStarted }: Props) {
  const t = useTranslate();
  const language = useLanguage();
  const [acceptsLicence, setAcceptsLicence] = useState(false);
  const { error, isRunning, run } = useAction();
  const { keepsOriginals } = settings;
  const start = async (): Promise<void> => {
    if (verdict === null) return;
    const { precision, device } = verdict;
    const input = { modelId: model.id, precision, device, keepsOriginals, acceptsLicence: true } as const;
    if (await run(() => call('library.install', input))) onStarted();
  };
  const plan = verdict &&
    model.downloadBytes !== null && { verdict, downloadBytes: model.downloadBytes, keepsOriginals };
  return (
    <form
      className="install-form"
      onSubmit={(event) => {
        event.preventDefault();
        void start();
      }}
    >
      {plan && (
        <p className="install-summary">
          {t('install.summary', {
            name: model.name,
            way: wayWords(plan.verdict, t),
            size: formatBytes(plan.downloadBytes, language),
          })}
        </p>
      )}
      <CheckLine
        label={t('install.originals')}
        isChecked={keepsOriginals}
        onChange={(keeps) => onChange({ keepsOriginals: keeps })}
      >
        {plan && <OriginalsWords {...plan} />}
      </CheckLine>
      {model.licence && (
        <CheckLine label={t('install.accept')} isChecked={acceptsLicence} onChange={setAcceptsLicence}>
          <ExternalLink url={model.licence.url}>{model.licence.name}</ExternalLink>
        </CheckLine>
      )}
      {plan && <DiskWords plan={plan} folder={library.folder} freeBytes={library.freeBytes} />}
      {error && <ErrorNotice error={error} />}
      <div className="row-actions">
        <Button type="submit" variant="seal" disabled={!acceptsLicence || verdict === null || isRunning}>
          {t('install.start')}
        </Button>
        {!acceptsLicence && <span className="field-hint">{t('install.acceptFirst')}</span>}
      </div>
    </form>
  );
}
