import type { LanguageSetting, Settings, SettingsChange, ThemeSetting } from '../../../shared/settings';
import { SegmentedChoice } from '../../ui/SegmentedChoice';
import { shortcutName } from '../../useShortcuts';
import { useTranslate } from '../../useTranslate';

type Props = {
  readonly settings: Settings;
  readonly onChange: (change: SettingsChange) => void;
};

const languages: readonly LanguageSetting[] = ['system', 'zh-CN', 'en'];
const themes: readonly ThemeSetting[] = ['system', 'light', 'dark'];

export function GeneralSection({ settings, onChange }: Props) {
  const t = useTranslate();
  const shortcuts = [
    [shortcutName('N'), t('shortcuts.newConversation')],
    [shortcutName(','), t('shortcuts.settings')],
    ['F2', t('shortcuts.rename')],
    ['Esc', t('shortcuts.stop')],
  ] as const;
  return (
    <>
      <h2>{t('settings.language')}</h2>
      <SegmentedChoice
        label={t('settings.language')}
        options={languages.map((value) => ({ value, label: t(`settings.language.${value}`) }))}
        value={settings.language}
        onChange={(language) => onChange({ language })}
      />
      <h2>{t('settings.theme')}</h2>
      <SegmentedChoice
        label={t('settings.theme')}
        options={themes.map((value) => ({ value, label: t(`settings.theme.${value}`) }))}
        value={settings.theme}
        onChange={(theme) => onChange({ theme })}
      />
      <h2>{t('shortcuts.title')}</h2>
      <dl className="facts">
        {shortcuts.map(([keys, what]) => (
          <div key={keys}>
            <dt>{what}</dt>
            <dd>
              <kbd>{keys}</kbd>
            </dd>
          </div>
        ))}
      </dl>
    </>
  );
}
