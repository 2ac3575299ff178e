// @vitest-environment happy-dom
import { act, renderHook } from '@testing-library/react';
import { expect, test } from 'vitest';
import { ConversationId } from '../shared/conversation';
import { useOpenConversation } from './useOpenConversation';

test('a window that is loaded again shows the conversation it showed', () => {
  const { result, unmount } = renderHook(useOpenConversation);
  expect(result.current[0]).toBeNull();
  act(() => result.current[1](ConversationId.parse(7)));
  unmount();
  expect(renderHook(useOpenConversation).result.current[0]).toBe(7);
});

test('what is stored and no conversation counts as a new one', () => {
  sessionStorage.setItem('openConversation', 'nonsense');
  expect(renderHook(useOpenConversation).result.current[0]).toBeNull();
});
