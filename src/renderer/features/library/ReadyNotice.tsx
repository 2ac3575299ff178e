import type { LibraryState } from '../../../shared/library';
import { Button } from '../../ui/Button';
import { ErrorNotice } from '../../ui/ErrorNotice';
import { useTranslate } from '../../useTranslate';
import { useModelActions } from './useModelActions';
import { useReadyModel } from './useReadyModel';
import type { LibraryModel } from '../../../shared/library';

/** Offers a model as soon as it can be used, and waits: fetching it may have taken hours. */
export function ReadyNotice({ library }: { readonly library: LibraryState | null }) {
  const { ready, putOff } = useReadyModel(library);
  return <div role="status">{ready && <ReadyModel key={ready.id} model={ready} onLater={putOff} />}</div>;
}

function ReadyModel({ model, onLater }: { readonly model: LibraryModel; readonly onLater: () => void }) {
  const t = useTranslate();
  const { error, isRunning, choose } = useModelActions(model.id);
  if (error)
    return (
      <ErrorNotice error={error}>
        <Button onClick={choose}>{t('action.retry')}</Button>
      </ErrorNotice>
    );
  return (
    <div className="notice" data-tone="quiet" data-testid="ready-notice">
      <p>{t('ready.title', { name: model.name })}</p>
      <div className="notice-actions">
        <Button variant="seal" onClick={choose} disabled={isRunning}>
          {t('ready.switch')}
        </Button>
        <Button variant="plain" onClick={onLater}>
          {t('ready.later')}
        </Button>
      </div>
    </div>
  );
}
