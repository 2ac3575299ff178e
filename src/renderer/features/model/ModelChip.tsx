import type { ModelStatus } from '../../../shared/model';
import { formatRate } from '../../formatFigures';
import { type Translate, useLanguage, useTranslate } from '../../useTranslate';
import { describeModel, describeRun, loadingWords } from './describeModel';
import './model.css';

type Props = {
  /** Null until main has told. */
  readonly status: ModelStatus | null;
  /** Said of a model that loads or has failed, too. */
  readonly isDemo: boolean;
  /** Of the newest answer in view. */
  readonly tokensPerSecond: number | null;
  readonly onOpen: () => void;
};

/** What runs, always in sight; leads to the model's settings. */
export function ModelChip({ status, isDemo, tokensPerSecond, onOpen }: Props) {
  const t = useTranslate();
  const language = useLanguage();
  if (status === null) return null;
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
      {isDemo && (
        <span className="tag" data-tone="warn">
          {t('model.demoName')}
        </span>
      )}
      <span>{isDemo && status.state === 'ready' ? describeRun(status.model, t) : chipWords(status, t)}</span>
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
