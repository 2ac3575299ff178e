// @vitest-environment happy-dom
import { cleanup, fireEvent, render, screen, waitFor, within } from '@testing-library/react';
import { afterEach, expect, test, vi } from 'vitest';
import type { Conversation, ConversationId } from '../../../shared/conversation';
import { installBridge } from '../../bridge.test-support';
import { withElementsHigh } from '../../layout.test-support';
import { ToastHost } from '../../ui/ToastHost';
import { ConversationList } from './ConversationList';

withElementsHigh(700);
afterEach(cleanup);

const nowMs = new Date(2026, 10, 22, 12, 0).getTime();
const conversation = (id: number, title: string): Conversation => ({
  id: id as ConversationId, // a test's own number
  title,
  createdAtMs: nowMs,
  updatedAtMs: nowMs - id,
});
const three = [conversation(1, 'One'), conversation(2, 'Two'), conversation(3, 'Three')];

function show(conversations: readonly Conversation[] | null, selected: number | null = null) {
  const { calls } = installBridge();
  const onSelect = vi.fn();
  const onLeave = vi.fn();
  render(
    <ToastHost>
      <ConversationList
        conversations={conversations}
        nowMs={nowMs}
        selectedId={selected as ConversationId | null} // a test's own number
        onSelect={onSelect}
        onLeave={onLeave}
      />
    </ToastHost>,
  );
  return { calls, onSelect, onLeave, row: (name: string) => screen.getByRole('button', { name }) };
}

test('an empty list offers the next step', () => {
  show([]);
  expect(screen.getByText('Your first message starts one.')).toBeTruthy();
});

test('the open conversation is marked, and a click opens another', () => {
  const { row, onSelect } = show(three, 1);
  expect(row('One').getAttribute('aria-current')).toBe('page');
  fireEvent.click(row('Two'));
  expect(onSelect).toHaveBeenCalledWith(2);
});

test('arrow keys, Home and End walk the list; Tab reaches one row only', () => {
  const { row } = show(three, 2);
  expect([row('One'), row('Two'), row('Three')].map(({ tabIndex }) => tabIndex)).toEqual([-1, 0, -1]);
  row('Two').focus();
  fireEvent.keyDown(row('Two'), { key: 'ArrowDown' });
  expect(document.activeElement).toBe(row('Three'));
  fireEvent.keyDown(row('Three'), { key: 'Home' });
  expect(document.activeElement).toBe(row('One'));
});

test('F2 renames: Enter keeps, Escape does not, and each only once', async () => {
  const { row, calls } = show(three);
  fireEvent.keyDown(row('Two'), { key: 'F2' });
  fireEvent.change(screen.getByRole('textbox', { name: 'New title' }), { target: { value: ' 二 ' } });
  fireEvent.keyDown(screen.getByRole('textbox'), { key: 'Enter', keyCode: 13 });
  await waitFor(() =>
    expect(calls).toEqual([{ route: 'conversations.rename', input: { conversationId: 2, title: '二' } }]),
  );
  fireEvent.doubleClick(row('One'));
  fireEvent.change(screen.getByRole('textbox'), { target: { value: 'x' } });
  fireEvent.keyDown(screen.getByRole('textbox'), { key: 'Escape', keyCode: 27 });
  expect(screen.queryByRole('textbox')).toBeNull();
  expect(calls).toHaveLength(1);
});

test('F2 renames the open conversation from anywhere', () => {
  show(three, 3);
  fireEvent.keyDown(window, { key: 'F2' });
  expect(screen.getByRole('textbox', { name: 'New title' })).toHaveProperty('value', 'Three');
});

test('Enter that commits Pinyin does not end the renaming', () => {
  const { row, calls } = show(three);
  fireEvent.keyDown(row('One'), { key: 'F2' });
  const input = screen.getByRole('textbox');
  fireEvent.compositionStart(input);
  fireEvent.keyDown(input, { key: 'Enter', keyCode: 229, isComposing: true });
  expect(screen.getByRole('textbox')).toBe(input);
  expect(calls).toEqual([]);
});

test('deleting the open conversation leaves it, and Undo brings it back', async () => {
  const { calls, onSelect, onLeave } = show(three, 2);
  fireEvent.click(screen.getByRole('button', { name: 'Delete “Two”' }));
  const toast = within(await screen.findByRole('status'));
  await waitFor(() => expect(toast.getByText('Deleted “Two”')).toBeTruthy());
  expect(onLeave).toHaveBeenCalledOnce();
  fireEvent.click(toast.getByRole('button', { name: 'Undo' }));
  await waitFor(() => expect(onSelect).toHaveBeenLastCalledWith(2));
  expect(calls.map(({ route }) => route)).toEqual(['conversations.delete', 'conversations.restore']);
});

test('a row deleted by keyboard leaves the focus with the next one, the last one with the list', () => {
  const { row } = show(three, 2);
  row('Two').focus();
  fireEvent.keyDown(row('Two'), { key: 'Delete' });
  expect(document.activeElement).toBe(row('Three'));
  cleanup();
  const alone = show([conversation(1, 'One')], 1).row('One');
  alone.focus();
  fireEvent.keyDown(alone, { key: 'Delete' });
  expect(document.activeElement).toBe(screen.getByRole('navigation', { name: 'Conversations' }));
});

test('before they are read it says so; only an empty list is called empty', () => {
  show(null);
  expect(screen.getByText('Reading your conversations…')).toBeTruthy();
  expect(screen.queryByText('No conversations yet')).toBeNull();
});

// Twenty rows of 35 px fill a list of 700 px.
const thousands = Array.from({ length: 3_000 }, (_each, index) => conversation(index + 1, `Talk ${index + 1}`));
const rowsInDocument = () => screen.getAllByRole('listitem').length;

test('of thousands, those in view are in the document, and each says its place among all', () => {
  const { row } = show(thousands);
  expect(rowsInDocument()).toBeGreaterThanOrEqual(20);
  expect(rowsInDocument()).toBeLessThan(60);
  const third = row('Talk 3').closest('li');
  expect([third?.getAttribute('aria-posinset'), third?.getAttribute('aria-setsize')]).toEqual(['3', '3000']);
});

test('the keyboard reaches every one of thousands, and the open one keeps its stop of Tab out of view', () => {
  const { row, calls } = show(thousands, 2_000);
  expect(row('Talk 2000').tabIndex).toBe(0);
  row('Talk 1').focus();
  fireEvent.keyDown(row('Talk 1'), { key: 'End' });
  expect(document.activeElement).toBe(row('Talk 3000'));
  fireEvent.keyDown(row('Talk 3000'), { key: 'ArrowUp' });
  expect(document.activeElement).toBe(row('Talk 2999'));
  fireEvent.keyDown(row('Talk 2999'), { key: 'Delete' });
  expect(document.activeElement).toBe(row('Talk 3000'));
  expect(calls).toEqual([{ route: 'conversations.delete', input: { conversationId: 2999 } }]);
  fireEvent.keyDown(row('Talk 3000'), { key: 'Home' });
  expect(document.activeElement).toBe(row('Talk 1'));
  expect(rowsInDocument()).toBeLessThan(60);
});

test('F2 renames the open one of thousands where it is out of view', () => {
  show(thousands, 1_500);
  fireEvent.keyDown(window, { key: 'F2' });
  expect(screen.getByRole('textbox', { name: 'New title' })).toHaveProperty('value', 'Talk 1500');
});
