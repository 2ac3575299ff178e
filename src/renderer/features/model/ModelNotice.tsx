import { useState } from 'react';
import type { LoadedModel, ModelStatus } from '../../../shared/model';
import { call } from '../../ipc';
import { Button } from '../../ui/Button';
import { ErrorNotice } from '../../ui/ErrorNotice';
import { Progress } from '../../ui/Progress';
import { useAction } from '../../useAction';
import { useTranslate } from '../../useTranslate';
import { FailedNotice } from './FailedNotice';
import { StepDownNotice } from './StepDownNotice';
import './model.css';

type Props = {
  readonly status: ModelStatus | null;
  /** Where another precision or device can be chosen; absent where one already is. */
  readonly onOpenSettings?: () => void;
  readonly onUseDemo: () => Promise<unknown>;
};

/** Why the model cannot answer now, or runs in another way than was wanted, and the way back; nothing when all is well. */
export function ModelNotice({ status, onOpenSettings, onUseDemo }: Props) {
  const [accepted, setAccepted] = useState<LoadedModel | null>(null);
  if (status === null) return null;
  switch (status.state) {
    case 'ready': {
      const { model } = status;
      const isAsWanted = model.steppedDownFrom.length === 0 && model.insteadOf === null;
      if (isAsWanted || isSameRun(model, accepted)) return null;
      return <StepDownNotice model={model} onOpenSettings={onOpenSettings} onDismiss={() => setAccepted(model)} />;
    }
    case 'loading':
      return <LoadingNotice {...status.progress} />;
    case 'failed':
      return <FailedNotice status={status} onOpenSettings={onOpenSettings} onUseDemo={onUseDemo} />;
    case 'unloaded':
      return <UnloadedNotice />;
    default:
      return status satisfies never;
  }
}

/** A status arrives anew whenever its memory figures change: that is no other run. */
const isSameRun = (one: LoadedModel, other: LoadedModel | null): boolean =>
  other !== null &&
  JSON.stringify([one.modelId, one.steppedDownFrom, one.insteadOf]) ===
    JSON.stringify([other.modelId, other.steppedDownFrom, other.insteadOf]);

function LoadingNotice({ stage, fraction }: Extract<ModelStatus, { state: 'loading' }>['progress']) {
  const t = useTranslate();
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

function UnloadedNotice() {
  const t = useTranslate();
  const { error, isRunning, run } = useAction();
  const load = (): void => void run(() => call('model.load', {}));
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
