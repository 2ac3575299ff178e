import { useId, useState } from 'react';
import { formatNumber } from '../../formatFigures';
import { useLanguage, useTranslate } from '../../useTranslate';

type Props = {
  /** Bytes a second; null is none. */
  readonly limit: number | null;
  readonly onChange: (limit: number | null) => void;
};

const megabyte = 1024 ** 2;
const leastMegabytes = 0.1;

/** How much of the network downloads may take, in MB a second; taken over on Enter or when the field is left. */
export function SpeedLimit({ limit, onChange }: Props) {
  const t = useTranslate();
  const language = useLanguage();
  const id = useId();
  const [text, setText] = useState(limit === null ? '' : String(Math.round((limit / megabyte) * 10) / 10));
  const [isInvalid, setIsInvalid] = useState(false);
  const save = (): void => {
    const next = text.trim() === '' ? null : Math.round(Number(text) * megabyte);
    const isGood = next === null || next >= leastMegabytes * megabyte; // NaN is not
    setIsInvalid(!isGood);
    if (isGood && next !== limit) onChange(next);
  };
  return (
    <form
      className="field-line"
      onSubmit={(event) => {
        event.preventDefault();
        save();
      }}
    >
      <label htmlFor={`${id}-limit`}>{t('downloads.limit')}</label>
      <div className="field-row">
        <input
          id={`${id}-limit`}
          className="text-field"
          type="text"
          inputMode="decimal"
          size={7}
          value={text}
          aria-invalid={isInvalid}
          aria-describedby={`${id}-hint`}
          onChange={(event) => setText(event.currentTarget.value)}
          onBlur={save}
        />
        <span>MB/s</span>
      </div>
      <p
        id={`${id}-hint`}
        role={isInvalid ? 'alert' : undefined}
        className={isInvalid ? 'field-problem' : 'field-hint'}
      >
        {isInvalid
          ? t('downloads.limitInvalid', { least: formatNumber(leastMegabytes, language, 1) })
          : t('downloads.limitHint')}
      </p>
    </form>
  );
}
