import type { Message } from '../../shared/conversation';
import type { ChatTurn } from '../../shared/generation';

/**
 * What the model is told of a conversation: user and assistant in turns, the open question last.
 * A question whose answer came to nothing (an error, stopped at once) is left out together with that answer:
 * an empty turn would break the alternation Qwen was trained on, and teach the model to say nothing.
 */
export function promptTurns(messages: readonly Message[]): ChatTurn[] {
  return messages.flatMap((message, index): ChatTurn[] => {
    if (message.role === 'assistant') return []; // goes with its question
    const question: ChatTurn = { role: 'user', content: message.text };
    const next = messages[index + 1];
    if (next === undefined) return [question];
    if (next.role === 'user' || next.text.trim() === '') return [];
    return [question, { role: 'assistant', content: next.text }];
  });
}
