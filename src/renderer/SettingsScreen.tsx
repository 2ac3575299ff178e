import type { LibraryState } from '../shared/library';
import type { ModelStatus } from '../shared/model';
import type { WireError } from '../shared/wireError';
import { modelInQuestion } from './catalogModels';
import { HardwareSection } from './features/hardware/HardwareSection';
import { LibrarySection } from './features/library/LibrarySection';
import { ModelSection } from './features/model/ModelSection';
import { AboutSection } from './features/settings/AboutSection';
import { GeneralSection } from './features/settings/GeneralSection';
import { type SettingsSection, SettingsView } from './features/settings/SettingsView';
import type { SettingsAccess } from './features/settings/useSettings';
import { useDemo } from './useDemo';

type Props = {
  readonly section: SettingsSection;
  readonly access: SettingsAccess;
  readonly status: ModelStatus | null;
  readonly library: { readonly value: LibraryState | null; readonly error: WireError | null };
  readonly onSection: (section: SettingsSection) => void;
  readonly onFirstSteps: () => void;
  readonly onClose: () => void;
};

/** The settings view with the sections of the features that have some. Loaded when it is first opened. */
export function SettingsScreen({ section, access, status, library, onSection, onFirstSteps, onClose }: Props) {
  const { settings, change, error } = access;
  const chooseDemo = useDemo(library.value);
  return (
    <SettingsView section={section} onSection={onSection} onClose={onClose} error={error}>
      {section === 'general' && <GeneralSection settings={settings} onChange={change} />}
      {section === 'models' && (
        <LibrarySection
          library={library.value}
          error={library.error}
          settings={settings}
          onChange={change}
          onFirstSteps={onFirstSteps}
        />
      )}
      {section === 'model' && (
        <ModelSection
          status={status}
          settings={settings}
          chosen={library.value?.models.find(({ isChosen }) => isChosen) ?? null}
          onChange={change}
          onOpenModels={() => onSection('models')}
          onUseDemo={chooseDemo}
        />
      )}
      {section === 'hardware' && <HardwareSection occasion={status?.state} model={modelInQuestion(library.value)} />}
      {section === 'about' && <AboutSection />}
    </SettingsView>
  );
}
