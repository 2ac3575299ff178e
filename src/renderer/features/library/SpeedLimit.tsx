import { formatNumber } from '../../formatFigures';
import { TextSetting } from '../../ui/TextSetting';
import { useLanguage, useTranslate } from '../../useTranslate';

type Props = {
  /** Bytes a second; null is none. */
  readonly limit: number | null;
  readonly onChange: (limit: number | null) => void;
};

const megabyte = 1024 ** 2;
const leastMegabytes = 0.1;

/** How much of the network downloads may take, in MB a second. */
export function SpeedLimit({ limit, onChange }: Props) {
  const t = useTranslate();
  const language = useLanguage();
  const isGood = (text: string): boolean => text === '' || Number(text) >= leastMegabytes; // NaN is not
  return (
    <TextSetting
      key={limit}
      label={t('downloads.limit')}
      value={limit === null ? '' : String(Math.round((limit / megabyte) * 10) / 10)}
      hint={t('downloads.limitHint')}
      problemOf={(text) =>
        isGood(text) ? null : t('downloads.limitInvalid', { least: formatNumber(leastMegabytes, language, 1) })
      }
      onSave={(text) => onChange(text === '' ? null : Math.round(Number(text) * megabyte))}
      field={{ inputMode: 'decimal', size: 7 }}
      unit="MB/s"
    />
  );
}
