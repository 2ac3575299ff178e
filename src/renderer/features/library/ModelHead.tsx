import type { LibraryModel } from '../../../shared/library';
import { formatBytes } from '../../formatFigures';
import { ExternalLink } from '../../ui/ExternalLink';
import { useLanguage, useTranslate } from '../../useTranslate';
import { installedFacts, modelName } from './describeInstalled';

/** A model's name, whether it answers, where it lies or what fetching it means, and its licence. */
export function ModelHead({ model }: { readonly model: LibraryModel }) {
  const t = useTranslate();
  const language = useLanguage();
  const { installed, licence, downloadBytes } = model;
  const facts = [
    ...(installed === null ? [] : installedFacts(installed, t, language)),
    ...(installed === null && downloadBytes !== null
      ? [t('library.toFetch', { size: formatBytes(downloadBytes, language) })]
      : []),
  ];
  return (
    <>
      <div className="library-model-head">
        <h2>{modelName(model, t)}</h2>
        {model.isChosen && (
          <span className="tag" data-tone="ok">
            {t('library.inUse')}
          </span>
        )}
      </div>
      <p className="library-model-facts latin-marks">
        {facts.join(' · ')}
        {licence && (
          <>
            {' · '}
            {t('library.licence')} <ExternalLink url={licence.url}>{licence.name}</ExternalLink>
          </>
        )}
      </p>
    </>
  );
}
