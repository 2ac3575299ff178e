import type { InstalledModel, LibraryModel } from '../../../shared/library';
import type { Language } from '../../../shared/translate';
import { formatBytes } from '../../formatFigures';
import type { Translate } from '../../useTranslate';
import { wayWords } from '../../verdictWords';

/** The demo is called a demo. */
export const modelName = ({ name, isDemo }: Pick<LibraryModel, 'name' | 'isDemo'>, t: Translate): string =>
  isDemo ? t('model.demoName') : name;

/** How the last check came out. Of a folder of the user's only what is missing can be found. */
export function checkWords({ check, installed }: Pick<LibraryModel, 'check' | 'installed'>, t: Translate): string {
  if (check === null) return '';
  if (check.repaired.length > 0) return t('library.repaired', { files: check.repaired.join(t('list.comma')) });
  return t(installed?.origin === 'reference' ? 'library.checkedReference' : 'library.checked');
}

/** Where an installed model lies and what it takes, in sentences of a list. */
export function installedFacts(installed: InstalledModel, t: Translate, language: Language): readonly string[] {
  const { origin, folder, diskBytes, hasOriginals, prepared } = installed;
  if (origin === 'bundled') return [t('library.bundled')];
  const size = formatBytes(diskBytes, language);
  return [
    ...(origin === 'reference' ? [t('library.reference', { folder })] : []),
    ...(diskBytes > 0 ? [t('library.onDisk', { size })] : []),
    ...(origin !== 'reference' && hasOriginals ? [t('library.withOriginals')] : []),
    ...(prepared.length > 0
      ? [t('library.preparedForms', { ways: prepared.map((form) => wayWords(form, t)).join(t('list.comma')) })]
      : []),
  ];
}
