import { expect, test } from 'vitest';
import { nextExample } from './examples';
import { aMessage } from './messages.test-support';

const examples = ['hello', 'story', 'title'];
const said = (text: string, answer: Parameters<typeof aMessage>[0]) => [
  aMessage({ id: 1, role: 'user', text }),
  aMessage(answer),
];

test('after an example comes the next one', () => {
  expect(nextExample(said('story', { id: 2 }), examples)).toBe('title');
});

test('nothing comes after the last, after other words, or before the answer is done', () => {
  expect(nextExample(said('title', { id: 2 }), examples)).toBeNull();
  expect(nextExample(said('something else', { id: 2 }), examples)).toBeNull();
  expect(nextExample(said('story', { id: 2, state: 'streaming' }), examples)).toBeNull();
  expect(nextExample([], examples)).toBeNull();
});
