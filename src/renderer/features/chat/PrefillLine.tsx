import { formatNumber } from '../../formatFigures';
import { Progress } from '../../ui/Progress';
import { useLanguage, useTranslate } from '../../useTranslate';
import type { Prefill } from './chatReducer';

/** A prompt this short is read before a progress bar could be. */
const shortTokens = 256;

/** How far a long prompt has been read; nothing for a short one. */
export function PrefillLine({ prefill: { done, total } }: { readonly prefill: Prefill }) {
  const t = useTranslate();
  const language = useLanguage();
  if (total < shortTokens) return null;
  const words = t('chat.reading', { done: formatNumber(done, language), total: formatNumber(total, language) });
  return (
    <div className="prefill">
      <Progress label={words} fraction={done / total} />
      <p>{words}</p>
    </div>
  );
}
