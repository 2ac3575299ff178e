import type { SettingsChange } from '../../../shared/settings';
import { TextSetting } from '../../ui/TextSetting';
import { useTranslate } from '../../useTranslate';

type Props = {
  /** As it is stored. */
  readonly url: string | null;
  readonly onChange: (change: SettingsChange) => void;
};

/** The address of a source of the user's own. */
export function CustomSource({ url, onChange }: Props) {
  const t = useTranslate();
  return (
    <TextSetting
      key={url}
      label={t('sources.custom')}
      value={url ?? ''}
      hint={t('sources.customHint')}
      problemOf={(text) => (text === '' || isWebAddress(text) ? null : t('sources.customInvalid'))}
      onSave={(text) => onChange({ customSource: text === '' ? null : text })}
      field={{ inputMode: 'url', placeholder: 'https://' }}
      saveWords={t('sources.customSave')}
    />
  );
}

/** As strict as the settings are about it. */
const isWebAddress = (text: string): boolean =>
  text.length <= 2_000 && URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);
