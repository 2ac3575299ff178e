import type { Message } from '../../../shared/conversation';
import type { TextKey } from '../../../shared/translate';

/** What the demo model can do, in an order that makes sense: the title is one for the story. */
export const exampleKeys = ['chat.example1', 'chat.example2', 'chat.example3'] as const satisfies readonly TextKey[];

/** The example that follows the one sent last; null off that path, or while an answer is being written. */
export function nextExample(messages: readonly Message[], examples: readonly string[]): string | null {
  if (messages.at(-1)?.state !== 'done') return null;
  const sent = messages.findLast(({ role }) => role === 'user')?.text;
  const index = sent === undefined ? -1 : examples.indexOf(sent);
  return index === -1 ? null : (examples[index + 1] ?? null);
}
