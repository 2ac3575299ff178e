import type { LibraryModel, LibraryState } from '../shared/library';
import type { Settings, SettingsChange } from '../shared/settings';
import type { Verdict } from '../shared/verdict';
import { ImportPanel } from './features/library/ImportPanel';
import { InstallationProgress } from './features/library/InstallationProgress';
import { InstallForm } from './features/library/InstallForm';
import { SourceList } from './features/library/SourceList';
import { useTranslate } from './useTranslate';

type Props = {
  readonly model: LibraryModel;
  readonly verdict: Verdict | null;
  readonly library: LibraryState;
  readonly settings: Settings;
  readonly onChange: (change: SettingsChange) => void;
  /** A model is on its way, or taken in. */
  readonly onDone: () => void;
};

/** The last of the first steps: what is fetched and where it comes from, or a folder that is here. */
export function FirstRunSource({ model, verdict, library, settings, onChange, onDone }: Props) {
  const t = useTranslate();
  const { installation, installed } = model;
  return (
    <>
      {installation && (
        <>
          <p className="first-run-summary">{t('firstRun.underway')}</p>
          <InstallationProgress model={model} installation={installation} />
        </>
      )}
      {installation === null && installed && <p className="first-run-summary">{t('firstRun.there')}</p>}
      {installation === null && installed === null && (
        <InstallForm
          model={model}
          verdict={verdict}
          library={library}
          settings={settings}
          onChange={onChange}
          onStarted={onDone}
        />
      )}
      <h2>{t('sources.title')}</h2>
      <SourceList model={model} settings={settings} onChange={onChange} />
      <h2>{t('import.title')}</h2>
      <ImportPanel onImported={onDone} />
    </>
  );
}
