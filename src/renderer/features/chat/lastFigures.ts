import type { Message } from '../../../shared/conversation';

const lastProvenance = (messages: readonly Message[]) =>
  messages.findLast(({ provenance }) => provenance !== null)?.provenance ?? null;

/** Tokens a second of the newest answer that has a measure; null before the first. */
export const lastRate = (messages: readonly Message[]): number | null =>
  lastProvenance(messages)?.tokensPerSecond || null;

/** Tokens the conversation took up when its newest answer ended; null before the first. */
export function contextUsed(messages: readonly Message[]): number | null {
  const provenance = lastProvenance(messages);
  return provenance && provenance.promptTokens + provenance.newTokens;
}
