import type { InstalledModel } from '../../../shared/library';
import { formatBytes } from '../../formatFigures';
import { Question } from '../../ui/Question';
import { useLanguage, useTranslate } from '../../useTranslate';

type Props = {
  readonly name: string;
  readonly installed: InstalledModel;
  readonly onRemove: () => void;
  readonly onKeep: () => void;
};

/** Asked before gigabytes are deleted: they cannot be kept aside for an Undo. */
export function RemoveQuestion({ name, installed: { origin, diskBytes }, onRemove, onKeep }: Props) {
  const t = useTranslate();
  const language = useLanguage();
  const isForgotten = origin === 'reference';
  const question = origin === 'copy' ? 'library.removeCopyQuestion' : 'library.removeQuestion';
  return (
    <Question
      text={
        isForgotten
          ? t('library.forgetQuestion', { name })
          : t(question, { name, size: formatBytes(diskBytes, language) })
      }
      yes={t(isForgotten ? 'library.forgetYes' : 'library.removeYes')}
      no={t('library.keep')}
      onYes={onRemove}
      onNo={onKeep}
    />
  );
}
