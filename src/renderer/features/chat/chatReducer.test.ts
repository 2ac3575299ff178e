import { expect, test } from 'vitest';
import type { ChatEvent } from '../../../shared/ipc/routes/chat';
import { chatReducer, emptyChat } from './chatReducer';
import { aMessage, messageId } from './messages.test-support';

const user = aMessage({ id: 1, role: 'user', text: '讲个故事' });
const answer = aMessage({ id: 2, state: 'streaming', text: '从前' });
const begun = chatReducer(emptyChat, [{ kind: 'snapshot', messages: [user, answer], notReplaced: null }]);
const delta = (offset: number, text: string): ChatEvent => ({ kind: 'delta', messageId: messageId(2), offset, text });
const textOf = (events: readonly ChatEvent[]) => chatReducer(begun, events).messages[1]?.text;

test('the snapshot is the whole conversation', () => {
  expect(begun).toEqual({ isKnown: true, messages: [user, answer], prefill: null, notReplaced: null });
});

test('deltas follow the text of the snapshot', () => {
  expect(textOf([delta(2, '，有'), delta(4, '人')])).toBe('从前，有人');
});

test('a delta that is already there changes nothing, not even the identity', () => {
  expect(chatReducer(begun, [delta(0, '从前')])).toBe(begun);
  expect(chatReducer(begun, [delta(1, '前')])).toBe(begun);
});

test('a delta that overlaps adds only what is new', () => {
  expect(textOf([delta(1, '前，有')])).toBe('从前，有');
});

test('a delta beyond the end leaves no hole; the final message heals it', () => {
  expect(textOf([delta(9, '尾')])).toBe('从前');
  const done = { ...answer, state: 'done' as const, text: '从前，有人' };
  expect(textOf([delta(9, '尾'), { kind: 'message', message: done }])).toBe('从前，有人');
});

test('a second snapshot after a reload takes over, whatever came before', () => {
  const again = { ...answer, text: '从前，有一个年轻人' };
  expect(
    textOf([delta(2, '，有'), { kind: 'snapshot', messages: [user, again], notReplaced: null }, delta(2, '，有')]),
  ).toBe(again.text);
});

test('messages that did not change keep their identity', () => {
  expect(chatReducer(begun, [delta(2, '，')]).messages[0]).toBe(user);
});

test('a new message is added, a known one replaced, a removed one gone', () => {
  const next = aMessage({ id: 3, role: 'user', text: '继续' });
  const added = chatReducer(begun, [{ kind: 'message', message: next }]);
  expect(added.messages).toEqual([user, answer, next]);
  expect(chatReducer(added, [{ kind: 'removed', messageId: messageId(2) }]).messages).toEqual([user, next]);
});

test('prefill is shown until the answer writes', () => {
  const prefill = { messageId: messageId(2), done: 512, total: 2048 };
  const reading = chatReducer(begun, [{ kind: 'prefill', ...prefill }]);
  expect(reading.prefill).toEqual(prefill);
  expect(chatReducer(reading, [delta(2, '，')]).prefill).toBeNull();
});

test('why an answer was not written anew is shown until another begins', () => {
  const notReplaced = { messageId: messageId(2), error: { code: 'session.failed', params: {} } } as const;
  const failed = chatReducer(begun, [
    { kind: 'message', message: { ...answer, state: 'done' } },
    { kind: 'notReplaced', ...notReplaced },
  ]);
  expect(failed.notReplaced).toEqual(notReplaced);
  expect(chatReducer(failed, [{ kind: 'message', message: { ...answer, state: 'done' } }]).notReplaced).toEqual(
    notReplaced,
  );
  expect(chatReducer(failed, [{ kind: 'message', message: answer }]).notReplaced).toBeNull();
});
