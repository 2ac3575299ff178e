import type { PrecisionSetting } from '../../../shared/precision';
import type { TextKey } from '../../../shared/translate';
import type { Verdict } from '../../../shared/verdict';
import { VerdictTag } from '../../ui/VerdictTag';
import { useLanguage, useTranslate } from '../../useTranslate';
import type { Way } from '../../useVerdicts';
import { verdictReason, wayWords } from '../../verdictWords';

type Props = {
  readonly precision: PrecisionSetting;
  readonly isChosen: boolean;
  readonly isRunning: boolean;
  readonly isTabStop: boolean;
  /** Main has not told yet: room is kept for what it will say. */
  readonly isAwaited: boolean;
  /** How it would run here; null for Auto and until main has told. */
  readonly verdict: Verdict | null;
  /** What Auto would take now; null for the others. */
  readonly autoWay: Way | null;
  /** Its weights would have to be fetched first. */
  readonly isElsewhere: boolean;
  readonly onChoose: (precision: PrecisionSetting) => void;
};

export function PrecisionCard({ precision, verdict, autoWay, onChoose, ...is }: Props) {
  const t = useTranslate();
  const language = useLanguage();
  const caution = verdict && cautionOf(verdict);
  const isSuggested = verdict?.isRecommended === true;
  return (
    <button
      type="button"
      role="radio"
      className="precision"
      data-precision={precision}
      aria-checked={is.isChosen}
      tabIndex={is.isTabStop ? 0 : -1}
      onClick={() => onChoose(precision)}
    >
      <span className="precision-head">
        <b>{t(`model.precision.${precision}`)}</b>
        {is.isRunning && (
          <span className="tag" data-tone="ok">
            {t('model.running')}
          </span>
        )}
        {isSuggested && !is.isElsewhere && <span className="tag">{t('model.recommended')}</span>}
        {verdict && !is.isRunning && <VerdictTag verdict={verdict.verdict} />}
      </span>
      <span className="precision-about">{t(`model.about.${precision}`)}</span>
      {autoWay && <span className="precision-reason">{t('model.autoWouldTake', { way: wayWords(autoWay, t) })}</span>}
      {caution && <span className="precision-about">{t(caution)}</span>}
      {is.isElsewhere && (
        <span className="precision-caution">{t(isSuggested ? 'model.suggestedElsewhere' : 'model.notHere')}</span>
      )}
      {is.isAwaited && <span className="precision-reason">{'\u00a0'}</span>}
      {verdict && (
        <span className="precision-reason">
          <b>{t(`model.device.${verdict.device}`)}</b> {verdictReason(verdict, t, language)}
        </span>
      )}
    </button>
  );
}

/** BF16 is the one precision whose weights are not computed with as they are stored. */
function cautionOf({ precision, device }: Verdict): TextKey | null {
  if (precision !== 'bf16') return null;
  return device === 'gpu' ? 'model.caution.bf16Gpu' : 'model.caution.bf16Cpu';
}
