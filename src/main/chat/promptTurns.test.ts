import { expect, test } from 'vitest';
import type { Message, MessageState } from '../../shared/conversation';
import { Message as MessageSchema } from '../../shared/conversation';
import { promptTurns } from './promptTurns';

/** `? question`, `! answer`, in the order of the conversation; an answer may name its state. */
function conversation(...lines: (string | [string, MessageState])[]): Message[] {
  return lines.map((line, index) => {
    const [text, state] = typeof line === 'string' ? [line, 'done'] : line;
    return MessageSchema.parse({
      id: index + 1,
      conversationId: 1,
      role: text.startsWith('?') ? 'user' : 'assistant',
      text: text.slice(1).trim(),
      state,
      createdAtMs: index,
      provenance: null,
      error: null,
    });
  });
}
const brief = (messages: Message[]) =>
  promptTurns(messages).map(({ role, content }) => `${role === 'user' ? '?' : '!'} ${content}`);

test('a first question stands alone', () => {
  expect(brief(conversation('? hi'))).toEqual(['? hi']);
});

test('answers with text are told, however they ended', () => {
  expect(
    brief(
      conversation(
        '? a',
        '! 1',
        '? b',
        ['! half', 'stopped'],
        '? c',
        ['! cut', 'interrupted'],
        '? d',
        ['! long', 'length'],
        '? e',
      ),
    ),
  ).toEqual(['? a', '! 1', '? b', '! half', '? c', '! cut', '? d', '! long', '? e']);
});

test('an answer without text is left out together with its question', () => {
  expect(brief(conversation('? a', '! 1', '? too long', ['!', 'error'], '? b', ['! \n', 'stopped'], '? c'))).toEqual([
    '? a',
    '! 1',
    '? c',
  ]);
});

test('whatever came to nothing, roles alternate and the question is last', () => {
  const states: MessageState[] = ['done', 'stopped', 'length', 'error', 'interrupted'];
  for (let pattern = 0; pattern < 64; pattern++) {
    const lines = [0, 1, 2, 3, 4, 5].flatMap((turn): (string | [string, MessageState])[] => [
      `? question ${turn}`,
      [pattern & (1 << turn) ? '!' : `! answer ${turn}`, states[(pattern + turn) % states.length]!],
    ]);
    const roles = promptTurns(conversation(...lines, '? last')).map(({ role }) => role);
    expect(roles).toEqual(roles.map((_role, index) => (index % 2 === 0 ? 'user' : 'assistant')));
    expect(roles.at(-1)).toBe('user');
  }
});
