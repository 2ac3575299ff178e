import { formatNumber } from '../../formatFigures';
import { useLanguage, useTranslate } from '../../useTranslate';

type Props = { readonly used: number | null; readonly limit: number | null };

/** How much of what the model can see at once this conversation takes; nothing before the first answer. */
export function ContextUsed({ used, limit }: Props) {
  const t = useTranslate();
  const language = useLanguage();
  if (used === null || limit === null) return null;
  const words = { used: formatNumber(used, language), limit: formatNumber(limit, language) };
  return (
    <span className="context-used" title={t('chat.contextHint')}>
      {t('chat.context', words)}
    </span>
  );
}
