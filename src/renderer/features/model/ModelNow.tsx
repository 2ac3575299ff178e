import type { ModelStatus } from '../../../shared/model';
import { useTranslate } from '../../useTranslate';
import { describeModel, loadingWords } from './describeModel';
import { MemoryBar } from './MemoryBar';
import { ModelNotice } from './ModelNotice';

type Props = {
  readonly status: ModelStatus | null;
  readonly onUseDemo: () => Promise<unknown>;
};

/** What runs, on which device, why so, and where the memory goes. */
export function ModelNow({ status, onUseDemo }: Props) {
  const t = useTranslate();
  const model = status?.state === 'ready' ? status.model : null;
  return (
    <div className="panel model-now" data-testid="model-now" data-state={status?.state}>
      {model && (
        <p className="model-now-head latin-marks">
          <b>{describeModel(model, t)}</b>
          <span>{[model.deviceName, t(`choice.${model.reason}`)].filter((part) => part !== '').join(' · ')}</span>
        </p>
      )}
      {status?.state === 'loading' && (
        <p className="model-now-head">
          <b>{loadingWords(status.precision, t)}</b>
        </p>
      )}
      <ModelNotice status={status} onUseDemo={onUseDemo} />
      {model && <MemoryBar memory={model.memory} size="full" />}
    </div>
  );
}
