import type { Verdict } from '../shared/verdict';
import type { Language } from '../shared/translate';
import { formatBytes } from './formatFigures';
import type { Translate } from './useTranslate';
import type { Way } from './useVerdicts';

/** `NF4 on the GPU` */
export const wayWords = ({ precision, device }: Way, t: Translate): string =>
  t('model.way', { precision: t(`model.precision.${precision}`), device: t(`model.device.${device}`) });

/** Why a verdict is what it is, with the figures it rests on. */
export function verdictReason(verdict: Verdict, t: Translate, language: Language): string {
  const { reason, device, peakBytes, freeBytes, missingBytes } = verdict;
  return t(`verdict.${reason}`, {
    memory: t(`verdict.memory.${device}`),
    peak: formatBytes(peakBytes, language),
    free: freeBytes === null ? t('verdict.unknown') : formatBytes(freeBytes, language),
    missing: formatBytes(missingBytes, language),
  });
}
