import type { Message, Provenance } from '../../../shared/conversation';
import type { TextKey } from '../../../shared/translate';
import { formatNumber, formatRate, formatSeconds } from '../../formatFigures';
import { type Translate, useLanguage, useTranslate } from '../../useTranslate';

/** States that need a word; an answer that ended by itself needs none. */
const endings: Readonly<Partial<Record<Message['state'], TextKey>>> = {
  stopped: 'chat.stopped',
  length: 'chat.length',
  interrupted: 'chat.interrupted',
};

/** What made an answer, how it ended, and what it cost. */
export function ProvenanceLine({ message: { state, provenance, error } }: { readonly message: Message }) {
  const t = useTranslate();
  const language = useLanguage();
  const ending = error === null ? endings[state] : undefined; // an error says it better
  return (
    <p
      className="provenance latin-marks"
      data-testid="provenance"
      title={provenance ? fullProvenance(provenance, t) : undefined}
    >
      {ending && (
        <span className="tag" data-tone="warn">
          {t(ending)}
        </span>
      )}
      {provenance && (
        <>
          <b>{precisionOf(provenance, t)}</b>
          <span>{t(`model.device.${provenance.device}`)}</span>
          <span>{t('chat.tokens', { count: formatNumber(provenance.newTokens, language) })}</span>
          {provenance.tokensPerSecond > 0 && (
            <span>{t('chat.tokensPerSecond', { rate: formatRate(provenance.tokensPerSecond, language) })}</span>
          )}
          <span>{t('chat.firstToken', { seconds: formatSeconds(provenance.timeToFirstTokenMs, language) })}</span>
        </>
      )}
    </p>
  );
}

/** WebGPU knows no bfloat16: there, BF16 weights are computed in FP16, and it says so. */
function precisionOf({ precision, executionProvider }: Provenance, t: Translate): string {
  const name = t(`model.precision.${precision}`);
  return precision === 'bf16' && /webgpu/i.test(executionProvider) ? `${name} (${t('model.computedInFp16')})` : name;
}

const fullProvenance = (provenance: Provenance, t: Translate): string =>
  t('chat.provenance', {
    model: provenance.modelName,
    provider: provenance.executionProvider,
    seed: provenance.seed,
    prompt: provenance.promptTokens,
    reused: provenance.reusedTokens,
  });
