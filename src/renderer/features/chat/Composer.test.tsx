// @vitest-environment happy-dom
import { act, cleanup, fireEvent, render, screen } from '@testing-library/react';
import { afterEach, expect, test, vi } from 'vitest';
import { Composer } from './Composer';
import type { ComposerProps } from './composerProps';

afterEach(cleanup);

function show(given: Partial<ComposerProps> = {}) {
  const props = {
    readiness: 'ready' as const,
    initialText: '',
    takesFocus: true,
    onDraft: vi.fn(),
    onSend: vi.fn(() => Promise.resolve(true)),
    onStop: vi.fn(),
    ...given,
  };
  render(<Composer {...props} />);
  const input = screen.getByRole<HTMLTextAreaElement>('textbox', { name: 'Message' });
  return { ...props, input, write: (text: string) => fireEvent.change(input, { target: { value: text } }) };
}
const settle = () => act(() => Promise.resolve());

test('Enter sends and clears', async () => {
  const { input, write, onSend } = show();
  write('你好');
  fireEvent.keyDown(input, { key: 'Enter', keyCode: 13 });
  await settle();
  expect(onSend).toHaveBeenCalledWith('你好');
  expect(input.value).toBe('');
});

test('Shift+Enter is left to the text area', () => {
  const { input, write, onSend } = show();
  write('one');
  expect(fireEvent.keyDown(input, { key: 'Enter', keyCode: 13, shiftKey: true })).toBe(true);
  expect(onSend).not.toHaveBeenCalled();
});

test('Enter that commits Pinyin never sends, in the order of any platform', async () => {
  const { input, write, onSend } = show();
  write('nihao');
  fireEvent.compositionStart(input);
  fireEvent.keyDown(input, { key: 'Process', keyCode: 229, isComposing: true }); // Windows
  fireEvent.keyDown(input, { key: 'Enter', keyCode: 229, isComposing: true }); // macOS, Chromium
  fireEvent.compositionEnd(input);
  fireEvent.keyDown(input, { key: 'Enter', keyCode: 229 }); // macOS, end first
  // Linux: looks like any Enter. It neither sends nor breaks the line.
  expect(fireEvent.keyDown(input, { key: 'Enter', keyCode: 13 })).toBe(false);
  expect(onSend).not.toHaveBeenCalled();
  await act(() => new Promise((resolve) => setTimeout(resolve, 5)));
  fireEvent.keyDown(input, { key: 'Enter', keyCode: 13 });
  await settle();
  expect(onSend).toHaveBeenCalledTimes(1);
});

test('text stays when sending fails', async () => {
  const { input, write, onDraft } = show({ onSend: () => Promise.resolve(false) });
  write('not to be lost');
  fireEvent.click(screen.getByRole('button', { name: 'Send' }));
  await settle();
  expect(input.value).toBe('not to be lost');
  expect(onDraft).toHaveBeenLastCalledWith('not to be lost');
});

test('nothing is sent twice, and blank text not at all', async () => {
  const { input, write, onSend } = show();
  write('  \n ');
  fireEvent.keyDown(input, { key: 'Enter', keyCode: 13 });
  expect(onSend).not.toHaveBeenCalled();
  write('once');
  fireEvent.keyDown(input, { key: 'Enter', keyCode: 13 });
  fireEvent.keyDown(input, { key: 'Enter', keyCode: 13 });
  await settle();
  expect(onSend).toHaveBeenCalledTimes(1);
});

test.each([
  ['modelFailed', 'The model did not load, so nothing can be sent yet'],
  ['modelUnloaded', 'No model is loaded yet'],
] as const)('while %s, text can be written but not sent, and it says why', (readiness, words) => {
  const { input, write, onSend } = show({ readiness });
  write('early');
  fireEvent.keyDown(input, { key: 'Enter', keyCode: 13 });
  expect(onSend).not.toHaveBeenCalled();
  expect(input.value).toBe('early');
  expect(screen.getByRole('button', { name: 'Send' }).getAttribute('aria-disabled')).toBe('true');
  expect(document.getElementById(input.getAttribute('aria-describedby') ?? '')?.textContent).toBe(words);
});

test('while the model loads, a message is taken already', async () => {
  const { input, write, onSend } = show({ readiness: 'modelLoading' });
  write('early');
  fireEvent.keyDown(input, { key: 'Enter', keyCode: 13 });
  await settle();
  expect(onSend).toHaveBeenCalledWith('early');
});

test('while an answer runs, the button stops it', () => {
  const { onStop } = show({ readiness: 'answering' });
  fireEvent.click(screen.getByRole('button', { name: 'Stop' }));
  expect(onStop).toHaveBeenCalledOnce();
  expect(screen.queryByRole('button', { name: 'Send' })).toBeNull();
});

test('the draft comes back and the focus is in it', () => {
  const { input } = show({ initialText: 'half a thought' });
  expect(input.value).toBe('half a thought');
  expect(document.activeElement).toBe(input);
});

test('where the focus belongs elsewhere, it stays there', () => {
  const { input } = show({ takesFocus: false });
  expect(document.activeElement).not.toBe(input);
});
