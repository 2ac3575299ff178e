import { errorText } from '../../../shared/errorText';
import type { GpuProof } from '../../../shared/hardware';
import { formatSeconds } from '../../formatFigures';
import { Button } from '../../ui/Button';
import { ErrorNotice } from '../../ui/ErrorNotice';
import { type Translate, useLanguage, useTranslate } from '../../useTranslate';
import type { GpuProofAccess } from './useGpuProof';

/** Whether the GPU was made to compute, and how that went. */
export function GpuProofLine({ proof, isRunning, error, testAgain }: GpuProofAccess) {
  const t = useTranslate();
  const language = useLanguage();
  if (error !== null)
    return (
      <ErrorNotice error={error}>
        <Button onClick={testAgain}>{t('proof.again')}</Button>
      </ErrorNotice>
    );
  if (proof === null && !isRunning) return null;
  return (
    <div className="gpu-proof" data-testid="gpu-proof">
      <p role="status" data-tone={isRunning ? undefined : toneOf(proof)}>
        {isRunning || proof === null ? t('proof.running') : proofWords(proof, t)}
      </p>
      {proof !== null && !isRunning && (
        <p className="gpu-proof-figures latin-marks">
          <span>
            {[
              new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short' }).format(proof.provedAtMs),
              t('proof.took', { seconds: formatSeconds(proof.milliseconds, language) }),
              ...(proof.largestError === null ? [] : [t('proof.error', { error: proof.largestError.toPrecision(2) })]),
            ].join(' · ')}
          </span>
          <Button variant="plain" onClick={testAgain}>
            {t('proof.again')}
          </Button>
        </p>
      )}
    </div>
  );
}

const toneOf = (proof: GpuProof | null): string | undefined =>
  proof === null ? undefined : proof.isUsable && !proof.isSoftware ? 'ok' : 'warn';

function proofWords({ isUsable, isSoftware, error }: GpuProof, t: Translate): string {
  if (isUsable) return t(isSoftware ? 'proof.software' : 'proof.usable');
  return error === null ? t('proof.unusable') : `${t('proof.unusable')} ${errorText(t, error)}`;
}
