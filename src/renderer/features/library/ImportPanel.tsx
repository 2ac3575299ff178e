import type { ModelId } from '../../../shared/library';
import { call } from '../../ipc';
import { Button } from '../../ui/Button';
import { ErrorNotice } from '../../ui/ErrorNotice';
import { useAction } from '../../useAction';
import { useTranslate } from '../../useTranslate';

/** Takes in a checkpoint that is on this disk already, or says what is missing in it. */
export function ImportPanel({ onImported }: { readonly onImported?: (modelId: ModelId) => void }) {
  const t = useTranslate();
  const { error, isRunning, run } = useAction();
  const take = (isCopied: boolean): void =>
    void run(async () => {
      const taken = await call('library.import', { isCopied });
      if (taken !== null) onImported?.(taken.modelId);
    });
  return (
    <div className="import-panel" data-testid="import">
      <p className="section-lead">{t('import.lead')}</p>
      {error && <ErrorNotice error={error} />}
      <div className="row-actions">
        <Button onClick={() => take(false)} disabled={isRunning}>
          {t('import.reference')}
        </Button>
        <Button onClick={() => take(true)} disabled={isRunning}>
          {t('import.copy')}
        </Button>
      </div>
    </div>
  );
}
