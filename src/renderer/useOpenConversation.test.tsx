// @vitest-environment happy-dom
import { act, renderHook } from '@testing-library/react';
import { beforeEach, expect, test } from 'vitest';
import { conversationId } from './features/chat/messages.test-support';
import { useOpenConversation } from './useOpenConversation';

beforeEach(() => sessionStorage.clear());

test('a window that is loaded again shows the conversation it showed', () => {
  const { result, unmount } = renderHook(useOpenConversation);
  expect(result.current.id).toBeNull();
  act(() => result.current.open(conversationId(7)));
  unmount();
  expect(renderHook(useOpenConversation).result.current.id).toBe(7);
});

test('what is stored and no conversation counts as a new one', () => {
  sessionStorage.setItem('openConversation', 'nonsense');
  expect(renderHook(useOpenConversation).result.current.id).toBeNull();
});

test('a first message opens its conversation, unless another was opened meanwhile', () => {
  const { result } = renderHook(useOpenConversation);
  act(() => result.current.begin(conversationId(7)));
  expect(result.current.id).toBe(7);
  act(() => result.current.begin(conversationId(8)));
  expect(result.current.id).toBe(7);
});

test('whoever opens a conversation means to write; whoever deletes one does not', () => {
  const { result } = renderHook(useOpenConversation);
  act(() => result.current.leave());
  expect(result.current).toMatchObject({ id: null, takesFocus: false });
  act(() => result.current.startNew());
  expect(result.current).toMatchObject({ id: null, takesFocus: true });
});
