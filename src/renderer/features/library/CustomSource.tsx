import { useId, useState } from 'react';
import type { SettingsChange } from '../../../shared/settings';
import { Button } from '../../ui/Button';
import { useTranslate } from '../../useTranslate';

type Props = {
  /** As it is stored. */
  readonly url: string | null;
  readonly onChange: (change: SettingsChange) => void;
};

/** The address of a source of the user's own. */
export function CustomSource({ url, onChange }: Props) {
  const t = useTranslate();
  const id = useId();
  const [text, setText] = useState(url ?? '');
  const [isInvalid, setIsInvalid] = useState(false);
  const trimmed = text.trim();
  const save = (): void => {
    const isGood = trimmed === '' || isWebAddress(trimmed);
    setIsInvalid(!isGood);
    if (isGood) onChange({ customSource: trimmed === '' ? null : trimmed });
  };
  return (
    <form
      className="field-line"
      onSubmit={(event) => {
        event.preventDefault();
        save();
      }}
    >
      <label htmlFor={`${id}-url`}>{t('sources.custom')}</label>
      <div className="field-row">
        <input
          id={`${id}-url`}
          className="text-field"
          type="text"
          inputMode="url"
          spellCheck={false}
          placeholder="https://"
          value={text}
          aria-invalid={isInvalid}
          aria-describedby={`${id}-hint`}
          onChange={(event) => setText(event.currentTarget.value)}
        />
        <Button type="submit" disabled={trimmed === (url ?? '')}>
          {t('sources.customSave')}
        </Button>
      </div>
      <p
        id={`${id}-hint`}
        role={isInvalid ? 'alert' : undefined}
        className={isInvalid ? 'field-problem' : 'field-hint'}
      >
        {t(isInvalid ? 'sources.customInvalid' : 'sources.customHint')}
      </p>
    </form>
  );
}

/** As strict as the settings are about it. */
const isWebAddress = (text: string): boolean =>
  text.length <= 2_000 && URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);
