import type { ModelStatus } from '../../../shared/model';
import type { WireError } from '../../../shared/wireError';
import { formatNumber } from '../../formatFigures';
import { call } from '../../ipc';
import { Button } from '../../ui/Button';
import { ErrorNotice } from '../../ui/ErrorNotice';
import { useAction } from '../../useAction';
import { type Translate, useLanguage, useTranslate } from '../../useTranslate';
import type { Language } from '../../../shared/translate';

type Props = {
  readonly status: Extract<ModelStatus, { state: 'failed' }>;
  /** Where another precision or device can be chosen; absent where one already is. */
  readonly onOpenSettings?: (() => void) | undefined;
  readonly onUseDemo: () => Promise<unknown>;
};

/** A model that did not load: which, why, what is missing, and every way on. */
export function FailedNotice({ status: { model, error: loadError }, onOpenSettings, onUseDemo }: Props) {
  const t = useTranslate();
  const language = useLanguage();
  const { error, isRunning, run } = useAction();
  return (
    <ErrorNotice
      error={error ?? loadError}
      title={t('model.failedTitle', { name: model.isDemo ? t('model.demoName') : model.name })}
      addition={missingWords(loadError, t, language)}
    >
      <Button onClick={() => void run(() => call('model.load', {}))} disabled={isRunning}>
        {t('action.retry')}
      </Button>
      {onOpenSettings && <Button onClick={onOpenSettings}>{t('model.choosePrecision')}</Button>}
      {!model.isDemo && (
        <Button onClick={() => void run(onUseDemo)} disabled={isRunning}>
          {t('model.useDemo')}
        </Button>
      )}
    </ErrorNotice>
  );
}

/** What was missing, where the error tells what was needed and what was free. */
function missingWords({ code, params }: WireError, t: Translate, language: Language): string | null {
  if (code !== 'session.outOfMemory') return null;
  const missing = Number(params['neededGb']) - Number(params['freeGb']);
  return missing > 0 ? t('model.missing', { missing: formatNumber(missing, language, 1) }) : null;
}
