import { lazy, Suspense, useEffect, useState } from 'react';
import { Desk } from './Desk';
import type { SettingsSection } from './features/settings/SettingsView';
import { useSettings } from './features/settings/useSettings';
import { ErrorBoundary } from './ui/ErrorBoundary';
import { ToastHost } from './ui/ToastHost';
import { useShortcuts } from './useShortcuts';
import { useTheme } from './useTheme';
import { LanguageContext, languageFor } from './useTranslate';
import { useWatch } from './useWatch';

const SettingsScreen = lazy(async () => ({ default: (await import('./SettingsScreen')).SettingsScreen }));

/** The whole interface: the language of the settings around the desk, and the settings over it. */
export function App() {
  const access = useSettings();
  const { value: status } = useWatch('model.watch');
  const [section, setSection] = useState<SettingsSection | null>(null);
  const language = languageFor(access.settings.language, navigator.language);
  useEffect(() => {
    document.documentElement.lang = language;
  }, [language]);
  useTheme(access.settings.theme);
  useShortcuts({ ',': () => setSection((open) => open ?? 'general') });
  return (
    <LanguageContext value={language}>
      <ErrorBoundary>
        <ToastHost>
          <Desk status={status} onOpenSettings={setSection} />
          {section !== null && (
            <Suspense>
              <SettingsScreen
                section={section}
                access={access}
                status={status}
                onSection={setSection}
                onClose={() => setSection(null)}
              />
            </Suspense>
          )}
        </ToastHost>
      </ErrorBoundary>
    </LanguageContext>
  );
}
