import { useId } from 'react';
import type { Verdict } from '../../../shared/verdict';
import { formatBytes } from '../../formatFigures';
import { Button } from '../../ui/Button';
import { ErrorNotice } from '../../ui/ErrorNotice';
import { VerdictTag } from '../../ui/VerdictTag';
import { useLanguage, useTranslate } from '../../useTranslate';
import { isSameWay, type VerdictsAccess, type Way } from '../../useVerdicts';
import { verdictReason, wayWords } from '../../verdictWords';
import './library.css';

type Props = {
  readonly access: VerdictsAccess;
  readonly chosen: Verdict | null;
  readonly onChoose: (way: Way) => void;
};

/** Every way to compute a model on this computer, best first, with what is known of each and why. */
export function VerdictList({ access: { verdicts, error, lookAgain }, chosen, onChoose }: Props) {
  const t = useTranslate();
  const language = useLanguage();
  const name = useId();
  const again = <Button onClick={lookAgain}>{t('verdict.lookAgain')}</Button>;
  if (error) return <ErrorNotice error={error}>{again}</ErrorNotice>;
  if (verdicts === null) return <p className="quiet">{t('verdict.looking')}</p>;
  const [withoutGpu] = verdicts.filter(isWithoutGpu);
  const fitsNone = verdicts.every(({ verdict }) => verdict === 'wontRun');
  return (
    <div className="verdicts" data-testid="verdicts">
      <div role="radiogroup" aria-label={t('model.precision')}>
        {verdicts
          .filter((verdict) => !isWithoutGpu(verdict))
          .map((verdict) => (
            <label key={wayWords(verdict, t)} data-verdict={verdict.verdict}>
              <input
                type="radio"
                name={name}
                checked={chosen !== null && isSameWay(verdict, chosen)}
                onChange={() => onChoose(verdict)}
              />
              <span className="verdict-head">
                <b>{wayWords(verdict, t)}</b>
                <VerdictTag verdict={verdict.verdict} />
                {verdict.isRecommended && <span className="tag">{t('model.recommended')}</span>}
              </span>
              <span className="verdict-about">{t(`model.about.${verdict.precision}`)}</span>
              <span className="verdict-reason">{verdictReason(verdict, t, language)}</span>
            </label>
          ))}
      </div>
      <div className="verdicts-foot">
        <p role="status">
          {withoutGpu && `${verdictReason(withoutGpu, t, language)} `}
          {fitsNone && t('verdict.noneFits')}
          {!fitsNone && chosen?.verdict === 'wontRun' && wontLoadWords(chosen)}
        </p>
        {again}
      </div>
    </div>
  );

  function wontLoadWords({ missingBytes }: Verdict): string {
    return missingBytes > 0
      ? t('verdict.wontLoad', { missing: formatBytes(missingBytes, language) })
      : t('verdict.cannotLoad');
  }
}

/** No precision runs on a GPU that is not there or does not compute: one sentence says so for all. */
const isWithoutGpu = ({ reason }: Verdict): boolean => reason === 'noGpu' || reason === 'gpuBroken';
