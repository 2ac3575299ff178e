import type { Installation } from '../../../shared/library';
import type { Language } from '../../../shared/translate';
import { formatBytes } from '../../formatFigures';
import { formatDuration } from '../../formatDuration';
import type { Translate } from '../../useTranslate';
import { wayWords } from '../../verdictWords';

/** What an installation is doing, or why it does nothing, in a few words without figures: they change only when that does. */
export function installationWords(installation: Installation, t: Translate): string {
  const { stage, pause, source } = installation;
  if (pause !== null) return t(`installation.paused.${pause}`);
  if (stage === 'preparing') return t('installation.preparing', { way: wayWords(installation, t) });
  if (stage === 'downloading' && source !== null)
    return t('installation.downloadingFrom', { source: t(`sourceInSentence.${source}`) });
  return t(`installation.${stage}`);
}

/** 0 to 1 of what the stage is about; null where it cannot be known. */
export function installationFraction({ stage, doneBytes, preparedBytes, totalBytes }: Installation): number | null {
  if (totalBytes === null || totalBytes === 0) return null;
  return Math.min((stage === 'preparing' ? preparedBytes : doneBytes) / totalBytes, 1);
}

/** `6.2 GB of 14.4 GB`, `11.3 MB/s`, `12 min left`: what is known of them, and what still says something in this state. */
export function installationFigures(installation: Installation, t: Translate, language: Language): readonly string[] {
  const { pause, doneBytes, totalBytes, preparedBytes, bytesPerSecond, secondsLeft } = installation;
  if (totalBytes === null) return [];
  const words = (bytes: number): string => formatBytes(bytes, language);
  return [
    t('installation.bytes', { done: words(doneBytes), total: words(totalBytes) }),
    ...(preparedBytes > 0 ? [t('installation.prepared', { size: words(preparedBytes) })] : []),
    ...(pause === null && bytesPerSecond !== null && bytesPerSecond > 0
      ? [t('installation.rate', { size: words(bytesPerSecond) })]
      : []),
    ...(pause === null && secondsLeft !== null
      ? [t('installation.left', { time: formatDuration(secondsLeft, t) })]
      : []),
  ];
}
