import type { Provenance } from '../../../shared/conversation';
import { demoModelId } from '../../../shared/library';
import type { Language } from '../../../shared/translate';
import { formatNumber, formatRate, formatSeconds } from '../../formatFigures';
import type { Translate } from '../../useTranslate';

/** WebGPU knows no bfloat16: there, BF16 weights are computed in FP16, and it says so. */
export function precisionOf({ precision, executionProvider }: Provenance, t: Translate): string {
  const name = t(`model.precision.${precision}`);
  return precision === 'bf16' && /webgpu/i.test(executionProvider) ? `${name} (${t('model.computedInFp16')})` : name;
}

/** What an answer cost and what it could not see; an answer cut off by a crash has no figures, and gets none. */
export function costsOf(provenance: Provenance, t: Translate, language: Language): readonly string[] {
  const { newTokens, tokensPerSecond, timeToFirstTokenMs, droppedTurns } = provenance;
  const costs: string[] = [];
  if (newTokens !== null) costs.push(t('chat.tokens', { count: formatNumber(newTokens, language) }));
  if (tokensPerSecond) costs.push(t('chat.tokensPerSecond', { rate: formatRate(tokensPerSecond, language) }));
  if (timeToFirstTokenMs !== null)
    costs.push(t('chat.firstToken', { seconds: formatSeconds(timeToFirstTokenMs, language) }));
  if (droppedTurns) costs.push(t('chat.dropped', { count: formatNumber(droppedTurns, language) }));
  return costs;
}

/** `NVIDIA GeForce RTX 4060 (GPU)`, or the kind of device alone where its name is not known. */
function deviceWords({ device, deviceName }: Provenance, t: Translate): string {
  const kind = t(`model.device.${device}`);
  return deviceName === null || deviceName === '' ? kind : t('chat.deviceName', { name: deviceName, kind });
}

/** Who wrote an answer and what it takes to get the same again, each with its name. */
export function factsOf(
  provenance: Provenance,
  t: Translate,
  language: Language,
): readonly (readonly [string, string])[] {
  const { modelId, modelName, executionProvider, seed, promptTokens, reusedTokens } = provenance;
  const facts: [string, string][] = [
    [t('chat.factModel'), modelId === demoModelId ? t('model.demoName') : modelName],
    [t('model.precision'), precisionOf(provenance, t)],
    [t('model.device'), deviceWords(provenance, t)],
    [t('chat.factProvider'), executionProvider],
    [t('chat.factSeed'), String(seed)],
  ];
  if (promptTokens !== null)
    facts.push([t('chat.factPrompt'), t('chat.tokens', { count: formatNumber(promptTokens, language) })]);
  if (reusedTokens !== null)
    facts.push([t('chat.factReused'), t('chat.tokens', { count: formatNumber(reusedTokens, language) })]);
  return facts;
}

/** An answer for pasting elsewhere, with all that is known of how it came about. */
export function withDetails(text: string, provenance: Provenance, t: Translate): string {
  const facts = factsOf(provenance, t, 'en').map(([name, value]) => `${name}: ${value}`);
  const costs = costsOf(provenance, t, 'en');
  return [text, '', '---', ...facts, ...(costs.length > 0 ? [costs.join(' · ')] : [])].join('\n');
}
