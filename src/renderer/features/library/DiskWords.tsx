import { diskNeed } from '../../../shared/diskNeed';
import { formatBytes } from '../../formatFigures';
import { useLanguage, useTranslate } from '../../useTranslate';

type Plan = Parameters<typeof diskNeed>[0];

/** What keeping the published weights, or not, means on the disk. */
export function OriginalsWords({ verdict, downloadBytes, keepsOriginals }: Plan) {
  const t = useTranslate();
  const language = useLanguage();
  const need = diskNeed({ verdict, downloadBytes, keepsOriginals });
  const prepared = formatBytes(need.prepared, language);
  return keepsOriginals
    ? t('install.originalsOn', {
        total: formatBytes(need.kept, language),
        download: formatBytes(downloadBytes, language),
        prepared,
      })
    : t('install.originalsOff', { prepared, waiting: formatBytes(need.waiting, language) });
}

type Props = {
  readonly plan: Plan;
  readonly folder: string;
  readonly freeBytes: number | null;
};

/** Whether the disk has room, in numbers. */
export function DiskWords({ plan, folder, freeBytes }: Props) {
  const t = useTranslate();
  const language = useLanguage();
  if (freeBytes === null) return <p className="disk-words">{t('install.diskUnknown', { folder })}</p>;
  const missingBytes = diskNeed(plan).most - freeBytes;
  return missingBytes > 0 ? (
    <p className="disk-words" role="alert" data-tone="warn">
      {t('install.diskMissing', { missing: formatBytes(missingBytes, language), folder })}
    </p>
  ) : (
    <p className="disk-words">{t('install.disk', { free: formatBytes(freeBytes, language), folder })}</p>
  );
}
