import type { Verdict } from '../../shared/verdict';
import { useTranslate } from '../useTranslate';

const tones = { runs: 'ok', shouldRun: undefined, unknown: 'warn', wontRun: 'no' } as const;

/** The verdict in a word. Only what was measured is green. */
export function VerdictTag({ verdict }: { readonly verdict: Verdict['verdict'] }) {
  const t = useTranslate();
  return (
    <span className="tag" data-tone={tones[verdict]}>
      {t(`verdict.${verdict}`)}
    </span>
  );
}
