import type { ModelStatus } from '../shared/model';
import { ModelSection } from './features/model/ModelSection';
import { AboutSection } from './features/settings/AboutSection';
import { GeneralSection } from './features/settings/GeneralSection';
import { type SettingsSection, SettingsView } from './features/settings/SettingsView';
import type { SettingsAccess } from './features/settings/useSettings';

type Props = {
  readonly section: SettingsSection;
  readonly access: SettingsAccess;
  readonly status: ModelStatus | null;
  readonly onSection: (section: SettingsSection) => void;
  readonly onClose: () => void;
};

/** The settings view with the sections of the features that have some. Loaded when it is first opened. */
export function SettingsScreen({ section, access, status, onSection, onClose }: Props) {
  const { settings, change, error } = access;
  return (
    <SettingsView section={section} onSection={onSection} onClose={onClose} error={error}>
      {section === 'general' && <GeneralSection settings={settings} onChange={change} />}
      {section === 'model' && <ModelSection status={status} settings={settings} onChange={change} />}
      {section === 'about' && <AboutSection />}
    </SettingsView>
  );
}
