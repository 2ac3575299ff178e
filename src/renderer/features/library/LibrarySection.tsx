import type { LibraryState } from '../../../shared/library';
import type { Settings, SettingsChange } from '../../../shared/settings';
import type { WireError } from '../../../shared/wireError';
import { modelInQuestion } from '../../catalogModels';
import { Button } from '../../ui/Button';
import { CheckLine } from '../../ui/CheckLine';
import { ErrorNotice } from '../../ui/ErrorNotice';
import { useTranslate } from '../../useTranslate';
import { FolderPanel } from './FolderPanel';
import { ImportPanel } from './ImportPanel';
import { ModelRow } from './ModelRow';
import { SourceList } from './SourceList';
import { SpeedLimit } from './SpeedLimit';
import './library.css';

type Props = {
  /** Null until main has told. */
  readonly library: LibraryState | null;
  readonly error: WireError | null;
  readonly settings: Settings;
  readonly onChange: (change: SettingsChange) => void;
  readonly onFirstSteps: () => void;
};

/** All models, and everything about having them. */
export function LibrarySection({ library, error, settings, onChange, onFirstSteps }: Props) {
  const t = useTranslate();
  return (
    <>
      {error && <ErrorNotice error={error} />}
      {library === null && error === null && <p className="quiet">{t('library.looking')}</p>}
      {library && (
        <ul className="library-models">
          {library.models.map((model) => (
            <ModelRow key={model.id} model={model} library={library} settings={settings} onChange={onChange} />
          ))}
        </ul>
      )}
      <h2>{t('import.title')}</h2>
      <ImportPanel />
      {library && (
        <>
          <h2>{t('folder.title')}</h2>
          <FolderPanel library={library} />
        </>
      )}
      <h2>{t('sources.title')}</h2>
      <SourceList model={modelInQuestion(library)} settings={settings} onChange={onChange} />
      <h2>{t('downloads.title')}</h2>
      <div className="download-settings">
        <SpeedLimit limit={settings.bandwidthLimit} onChange={(bandwidthLimit) => onChange({ bandwidthLimit })} />
        <CheckLine
          label={t('downloads.originals')}
          isChecked={settings.keepsOriginals}
          onChange={(keepsOriginals) => onChange({ keepsOriginals })}
        >
          {t('downloads.originalsHint')}
        </CheckLine>
      </div>
      <Button variant="plain" className="first-steps-again" onClick={onFirstSteps}>
        {t('library.firstStepsAgain')}
      </Button>
    </>
  );
}
