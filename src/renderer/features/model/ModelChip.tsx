import type { ModelStatus } from '../../../shared/model';
import { formatRate } from '../../formatFigures';
import { type Translate, useLanguage, useTranslate } from '../../useTranslate';
import { describeModel, describeRun, loadingWords, modelName } from './describeModel';
import './model.css';

type Props = {
  /** Null until main has told. */
  readonly status: ModelStatus | null;
  /** Of the newest answer in view. */
  readonly tokensPerSecond: number | null;
  readonly onOpen: () => void;
};

/** What runs, always in sight; leads to the model's settings. */
export function ModelChip({ status, tokensPerSecond, onOpen }: Props) {
  const t = useTranslate();
  const language = useLanguage();
  if (status === null) return null;
  const words = chipWords(status, t);
  const demo = status.state === 'ready' && status.model.isDemo ? status.model : null;
  const rate =
    status.state === 'ready' && tokensPerSecond !== null
      ? t('chat.tokensPerSecond', { rate: formatRate(tokensPerSecond, language) })
      : null;
  return (
    <button
      type="button"
      className="model-chip latin-marks"
      data-testid="model-chip"
      data-state={status.state}
      title={t('model.chip')}
      onClick={onOpen}
    >
      <span className="dot" />
      {demo && (
        <span className="tag" data-tone="warn">
          {modelName(demo, t)}
        </span>
      )}
      <span>{demo ? describeRun(demo, t) : words}</span>
      {rate !== null && <span className="rate">{rate}</span>}
    </button>
  );
}

function chipWords(status: ModelStatus, t: Translate): string {
  switch (status.state) {
    case 'ready':
      return describeModel(status.model, t);
    case 'loading': {
      const { fraction } = status.progress;
      const percent = fraction === null ? '' : ` · ${Math.round(fraction * 100)}%`;
      return loadingWords(status.precision, t) + percent;
    }
    case 'failed':
      return t('model.failed');
    case 'unloaded':
      return t('model.unloaded');
    default:
      return status satisfies never;
  }
}
