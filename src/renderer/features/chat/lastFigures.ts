import type { Message } from '../../../shared/conversation';

/** Tokens a second of the newest answer that has a measure; null before the first. */
export const lastRate = (messages: readonly Message[]): number | null =>
  messages.findLast(({ provenance }) => provenance?.tokensPerSecond)?.provenance?.tokensPerSecond ?? null;

/** Tokens the conversation took up when its newest answer ended; null before the first. */
export function contextUsed(messages: readonly Message[]): number | null {
  const last = messages.findLast(({ provenance }) => provenance !== null && provenance.promptTokens !== null);
  const { promptTokens = null, newTokens = null } = last?.provenance ?? {};
  return promptTokens === null ? null : promptTokens + (newTokens ?? 0);
}
