import type { ModelStatus } from '../../../shared/model';
import { call } from '../../ipc';
import { Button } from '../../ui/Button';
import { ErrorNotice } from '../../ui/ErrorNotice';
import { Progress } from '../../ui/Progress';
import { useAction } from '../../useAction';
import { useTranslate } from '../../useTranslate';
import './model.css';

type Props = {
  readonly status: ModelStatus | null;
  /** Where another precision or device can be chosen; absent where one already is. */
  readonly onOpenSettings?: () => void;
};

/** Why the model cannot answer now, and the way back; nothing when it can. */
export function ModelNotice({ status, onOpenSettings }: Props) {
  const t = useTranslate();
  const { error, isRunning, run } = useAction();
  const load = (): void => void run(() => call('model.load', {}));
  if (status === null || status.state === 'ready') return null;
  if (status.state === 'loading') {
    const { stage, fraction } = status.progress;
    const words = t(`model.stage.${stage}`);
    return (
      <div className="model-loading" data-testid="model-loading">
        <p>
          <span>{words}</span>
          {fraction !== null && <span>{Math.round(fraction * 100)}%</span>}
        </p>
        <Progress label={words} fraction={fraction} />
      </div>
    );
  }
  if (status.state === 'unloaded') {
    return error ? (
      <ErrorNotice error={error}>
        <Button onClick={load}>{t('action.retry')}</Button>
      </ErrorNotice>
    ) : (
      <p className="model-unloaded">
        {t('model.unloaded')}
        <Button onClick={load} disabled={isRunning}>
          {t('model.load')}
        </Button>
      </p>
    );
  }
  return (
    <ErrorNotice error={error ?? status.error}>
      <Button onClick={load} disabled={isRunning}>
        {t('action.retry')}
      </Button>
      {onOpenSettings && <Button onClick={onOpenSettings}>{t('action.openSettings')}</Button>}
    </ErrorNotice>
  );
}
