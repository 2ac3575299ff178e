import type { Device, PrecisionSetting } from '../../../shared/precision';
import type { TextKey } from '../../../shared/translate';
import { useTranslate } from '../../useTranslate';

type Props = {
  readonly precision: PrecisionSetting;
  readonly isChosen: boolean;
  readonly isRunning: boolean;
  readonly isRecommended: boolean;
  readonly isTabStop: boolean;
  /** The device it would run on, for what has to be said of it there. */
  readonly device: Device | null;
  readonly onChoose: (precision: PrecisionSetting) => void;
};

/** Weights of Qwen-7B-Chat, as rounded as the claim: 7.7 billion parameters at 16, 8 and about 4.5 bits. */
const sizes: Readonly<Record<PrecisionSetting, string | null>> = {
  auto: null,
  bf16: '15 GB',
  int8: '8 GB',
  nf4: '5 GB',
  int4: '5 GB',
};

export function PrecisionCard(props: Props) {
  const { precision, isChosen, isRunning, isRecommended, isTabStop, device, onChoose } = props;
  const t = useTranslate();
  const caution = cautionOf(precision, device);
  const size = sizes[precision];
  return (
    <button
      type="button"
      role="radio"
      className="precision"
      data-precision={precision}
      aria-checked={isChosen}
      tabIndex={isTabStop ? 0 : -1}
      onClick={() => onChoose(precision)}
    >
      <span className="precision-head">
        <b>{t(`model.precision.${precision}`)}</b>
        {isRunning && (
          <span className="tag" data-tone="ok">
            {t('model.running')}
          </span>
        )}
        {isRecommended && <span className="tag">{t('model.recommended')}</span>}
      </span>
      {precision !== 'auto' && <span className="precision-tagline">{t(`model.tagline.${precision}`)}</span>}
      <span className="precision-about">{t(`model.about.${precision}`)}</span>
      {caution && <span className="precision-caution">{t(caution)}</span>}
      {size !== null && <span className="precision-size">{t('model.size', { size })}</span>}
    </button>
  );
}

function cautionOf(precision: PrecisionSetting, device: Device | null): TextKey | null {
  if (precision === 'bf16' && device !== null)
    return device === 'gpu' ? 'model.caution.bf16Gpu' : 'model.caution.bf16Cpu';
  return precision === 'nf4' && device === 'cpu' ? 'model.caution.nf4Cpu' : null;
}
