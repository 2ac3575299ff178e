import type { GpuProof, Hardware } from '../../../shared/hardware';
import { formatNumber } from '../../formatFigures';
import { Button } from '../../ui/Button';
import { useCopy } from '../../ui/useCopy';
import { useLanguage, useTranslate } from '../../useTranslate';
import { diagnosisText, type Judged } from './diagnosisText';

type Props = {
  readonly hardware: Hardware;
  readonly proof: GpuProof | null;
  readonly judged: Judged | null;
};

const tones = { answered: 'ok', missing: undefined, failed: 'warn', timedOut: 'warn' } as const;

/** What was asked of the system and what it said, for whoever has to find out what went wrong. */
export function Diagnose({ hardware, proof, judged }: Props) {
  const t = useTranslate();
  const language = useLanguage();
  const { isCopied, copy } = useCopy();
  return (
    <section aria-labelledby="diagnose-title">
      <h2 id="diagnose-title">{t('diagnose.title')}</h2>
      <p className="section-lead">{t('diagnose.lead')}</p>
      {hardware.probes.length === 0 && <p className="quiet">{t('diagnose.none')}</p>}
      <ul className="probes">
        {hardware.probes.map(({ probe, outcome, output, milliseconds }, index) => (
          <li key={index}>
            <details>
              <summary>
                <code>{probe}</code>
                <span className="tag" data-tone={tones[outcome]}>
                  {t(`diagnose.${outcome}`)}
                </span>
                <small>{t('diagnose.took', { milliseconds: formatNumber(milliseconds, language) })}</small>
              </summary>
              <pre tabIndex={0}>{output === '' ? t('diagnose.noOutput') : output}</pre>
            </details>
          </li>
        ))}
      </ul>
      <Button onClick={() => copy(diagnosisText({ hardware, proof, judged }, new Date()))}>
        {t(isCopied ? 'action.copied' : 'diagnose.copy')}
      </Button>
    </section>
  );
}
