import { lazy, Suspense, useEffect, useState } from 'react';
import { Desk } from './Desk';
import type { SettingsSection } from './features/settings/SettingsView';
import { useSettings } from './features/settings/useSettings';
import { ErrorBoundary } from './ui/ErrorBoundary';
import { ToastHost } from './ui/ToastHost';
import { useFirstRunOpen } from './useFirstRunOpen';
import { useShortcuts } from './useShortcuts';
import { useTheme } from './useTheme';
import { LanguageContext, languageFor } from './useTranslate';
import { useWatch } from './useWatch';

const FirstRunScreen = lazy(async () => ({ default: (await import('./FirstRunScreen')).FirstRunScreen }));
const SettingsScreen = lazy(async () => ({ default: (await import('./SettingsScreen')).SettingsScreen }));

/** The whole interface: the language of the settings around the desk or the first steps, and the settings over them. */
export function App() {
  const access = useSettings();
  const { value: status } = useWatch('model.watch');
  const library = useWatch('library.watch');
  const firstRun = useFirstRunOpen(access);
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
          {firstRun.isOpen === false && <Desk status={status} library={library.value} onOpenSettings={setSection} />}
          {firstRun.isOpen && (
            <Suspense>
              <FirstRunScreen
                library={library.value}
                settings={access.settings}
                onChange={access.change}
                onLeave={firstRun.leave}
              />
            </Suspense>
          )}
          {section !== null && (
            <Suspense>
              <SettingsScreen
                section={section}
                access={access}
                status={status}
                library={library}
                onSection={setSection}
                onFirstSteps={() => {
                  setSection(null);
                  firstRun.open();
                }}
                onClose={() => setSection(null)}
              />
            </Suspense>
          )}
        </ToastHost>
      </ErrorBoundary>
    </LanguageContext>
  );
}
