// @vitest-environment happy-dom
import { act, cleanup, fireEvent, render, screen, waitFor } from '@testing-library/react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { AppError } from '../shared/appError';
import type { Message } from '../shared/conversation';
import { demoModelId } from '../shared/library';
import type { Settings } from '../shared/settings';
import { App } from './App';
import { installBridge } from './bridge.test-support';
import {
  aLibrary,
  aModel,
  anInstallation,
  goodProof,
  hardware,
  installed,
  mainModelId,
  readyDemo,
  settings,
  theDemo,
  verdicts,
} from './fixtures.test-support';
import { aMessage } from './features/chat/messages.test-support';
import { withElementsHigh } from './layout.test-support';

withElementsHigh(700);

const ready = readyDemo;
const demo = { modelId: demoModelId, name: 'demo', isDemo: true };
const qwen = { modelId: mainModelId, name: 'Qwen-7B-Chat', isDemo: false };

const snapshot = (conversations: readonly unknown[]) => ({ kind: 'snapshot', conversations });
const chatSnapshot = (messages: readonly Message[]) => ({ kind: 'snapshot', messages, notReplaced: null });

let bridge: ReturnType<typeof installBridge>;
beforeEach(() => {
  sessionStorage.clear();
  bridge = installBridge({
    'chat.send': () => ({ conversationId: 7 }),
    'chat.restoreAnswer': () => {
      throw new AppError('conversation.nothingToRestore');
    },
    'system.hardware': () => hardware,
    'library.verdicts': () => verdicts,
    'system.about': () => ({ appVersion: '1', dataFolder: '/data' }),
    'settings.change': (change) => {
      const next: Settings = { ...settings, ...(change as Partial<Settings>) }; // as the view under test sent it
      bridge.tell('settings.watch', next);
      return next;
    },
  });
  bridge.begin('settings.watch', settings);
  bridge.begin('model.watch', ready);
  bridge.begin('library.watch', aLibrary(theDemo()));
  bridge.begin('conversations.watch', snapshot([]));
  bridge.begin('chat.watch', chatSnapshot([]));
});
afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
});

const routes = () => bridge.calls.map(({ route }) => route);
async function start(): Promise<HTMLElement> {
  render(<App />);
  await screen.findByTestId('demo-note');
  return screen.getByRole('textbox', { name: 'Message' });
}

test('it says plainly that the demo is a demo, and what runs', async () => {
  await start();
  expect(screen.getByRole('button', { name: 'Demo model INT4 · CPU' })).toBeTruthy();
  expect(screen.getByRole('img', { name: /^Other programs 3\.7 GB, Weights 8\.6 MB/ })).toBeTruthy();
});

test('a demo that loads or has failed is still a demo; before it is known, its note keeps the place', async () => {
  bridge.begin('model.watch', { state: 'unloaded' });
  render(<App />);
  await screen.findByText('No model is loaded yet');
  expect(screen.getByTestId('demo-place').style.visibility).toBe('hidden');
  act(() => bridge.tell('model.watch', ready));
  await screen.findByTestId('demo-note');
  const error = { code: 'worker.unavailable', params: {} };
  act(() => bridge.tell('model.watch', { state: 'failed', model: demo, precision: 'nf4', device: 'auto', error }));
  await screen.findByRole('button', { name: 'Demo model The model did not load' });
  expect(screen.getByTestId('demo-note').style.visibility).toBe('visible');
});

test('the first message begins a conversation, whose answer then streams in', async () => {
  const input = await start();
  fireEvent.change(input, { target: { value: 'Hello!' } });
  fireEvent.keyDown(input, { key: 'Enter', keyCode: 13 });
  await waitFor(() => expect([...bridge.open].some(({ route }) => route === 'chat.watch')).toBe(true));
  expect(bridge.calls).toEqual([{ route: 'chat.send', input: { conversationId: null, text: 'Hello!' } }]);
  act(() => {
    bridge.tell('chat.watch', { kind: 'message', message: aMessage({ id: 1, role: 'user', text: 'Hello!' }) });
    bridge.tell('chat.watch', { kind: 'message', message: aMessage({ id: 2, state: 'streaming' }) });
    bridge.tell('chat.watch', { kind: 'delta', messageId: 2, offset: 0, text: 'Hello! How' });
  });
  await screen.findByText('Hello! How');
  expect(screen.getByRole('textbox', { name: 'Message' })).toHaveProperty('value', '');
  expect(screen.getAllByTestId('message').map((message) => message.dataset['state'])).toEqual(['done', 'streaming']);
  fireEvent.keyDown(window, { key: 'Escape' });
  await waitFor(() => expect(routes()).toContain('chat.stop'));
});

test('a draft waits for its conversation', async () => {
  bridge.begin('conversations.watch', snapshot([{ id: 4, title: 'Old one', createdAtMs: 1, updatedAtMs: 1 }]));
  const input = await start();
  fireEvent.change(input, { target: { value: 'half a thought' } });
  fireEvent.click(await screen.findByRole('button', { name: 'Old one' }));
  expect(screen.getByRole('textbox', { name: 'Message' })).toHaveProperty('value', '');
  fireEvent.keyDown(window, { key: 'n', ctrlKey: true });
  expect(screen.getByRole('textbox', { name: 'Message' })).toHaveProperty('value', 'half a thought');
});

test('a reload of the window keeps what was being written', async () => {
  fireEvent.change(await start(), { target: { value: 'half a thought' } });
  cleanup();
  expect(await start()).toHaveProperty('value', 'half a thought');
});

test('words that were sent can be copied, and come back into the composer below what is written there', async () => {
  const writeText = vi.spyOn(navigator.clipboard, 'writeText').mockResolvedValue();
  sessionStorage.setItem('openConversation', '7');
  bridge.begin('chat.watch', chatSnapshot([aMessage({ id: 1, role: 'user', text: 'Hello!' })]));
  render(<App />);
  const composer = () => screen.getByRole('textbox', { name: 'Message' });
  fireEvent.click(await screen.findByRole('button', { name: 'Copy message' }));
  await screen.findByRole('button', { name: 'Copied' });
  expect(writeText).toHaveBeenCalledWith('Hello!');
  fireEvent.click(screen.getByRole('button', { name: 'Edit and send again' }));
  expect(composer()).toHaveProperty('value', 'Hello!');
  expect(document.activeElement).toBe(composer());
  expect(composer()).toHaveProperty('selectionStart', 'Hello!'.length);
  fireEvent.change(composer(), { target: { value: 'And you?' } });
  fireEvent.click(screen.getByRole('button', { name: 'Edit and send again' }));
  expect(composer()).toHaveProperty('value', 'And you?\n\nHello!');
});

test('an answer written anew can be brought back, and it is said where that fails', async () => {
  sessionStorage.setItem('openConversation', '7');
  const messages = [aMessage({ id: 1, role: 'user', text: 'Hello!' }), aMessage({ id: 2, text: 'Good day' })];
  bridge.begin('chat.watch', chatSnapshot(messages));
  render(<App />);
  fireEvent.click(await screen.findByRole('button', { name: 'Write anew' }));
  fireEvent.click(await screen.findByRole('button', { name: 'Undo' }));
  await screen.findByText(/no earlier answer to bring back/);
  expect(bridge.calls).toEqual([
    { route: 'chat.regenerate', input: { conversationId: 7 } },
    { route: 'chat.restoreAnswer', input: { conversationId: 7 } },
  ]);
});

test('an answer that came back by itself offers no Undo any more, and says why it is back', async () => {
  sessionStorage.setItem('openConversation', '7');
  const old = aMessage({ id: 2, text: 'Good day' });
  bridge.begin('chat.watch', chatSnapshot([aMessage({ id: 1, role: 'user', text: 'Hello!' }), old]));
  render(<App />);
  fireEvent.click(await screen.findByRole('button', { name: 'Write anew' }));
  await screen.findByRole('button', { name: 'Undo' });
  act(() => {
    bridge.tell('chat.watch', { kind: 'notReplaced', messageId: 2, error: { code: 'session.failed', params: {} } });
  });
  await screen.findByText(/No new answer came about/);
  expect(screen.queryByRole('button', { name: 'Undo' })).toBeNull();
});

test('an answer without words is written anew without a way back', async () => {
  sessionStorage.setItem('openConversation', '7');
  const messages = [aMessage({ id: 1, role: 'user', text: 'Hello!' }), aMessage({ id: 2, state: 'stopped' })];
  bridge.begin('chat.watch', chatSnapshot(messages));
  render(<App />);
  fireEvent.click(await screen.findByRole('button', { name: 'Write anew' }));
  await waitFor(() => expect(routes()).toEqual(['chat.regenerate']));
  await act(() => Promise.resolve());
  expect(screen.queryByRole('button', { name: 'Undo' })).toBeNull();
});

test('deleting the open conversation by keyboard leaves the focus in the list', async () => {
  sessionStorage.setItem('openConversation', '4');
  const list = [4, 5].map((id) => ({ id, title: `Talk ${id}`, createdAtMs: 1, updatedAtMs: 1 }));
  bridge.begin('conversations.watch', snapshot(list));
  render(<App />);
  const row = await screen.findByRole('button', { name: 'Talk 4' });
  row.focus();
  fireEvent.keyDown(row, { key: 'Delete' });
  await screen.findByText('Deleted “Talk 4”');
  act(() => bridge.tell('conversations.watch', { kind: 'removed', conversationId: 4 }));
  await screen.findByRole('heading', { name: 'New conversation' });
  expect(document.activeElement).toBe(screen.getByRole('button', { name: 'Talk 5' }));
});

test('the drawer of a narrow window opens with the focus in it, and Escape or a choice closes it', async () => {
  bridge.begin('conversations.watch', snapshot([{ id: 4, title: 'Old one', createdAtMs: 1, updatedAtMs: 1 }]));
  await start();
  const button = () => screen.getByRole('button', { name: 'Conversations' });
  const isOpen = () => button().getAttribute('aria-expanded');
  fireEvent.click(button());
  expect(isOpen()).toBe('true');
  expect(document.activeElement).toBe(screen.getByRole('complementary'));
  fireEvent.keyDown(screen.getByRole('complementary'), { key: 'Escape' });
  expect(isOpen()).toBe('false');
  expect(document.activeElement).toBe(button());
  fireEvent.click(button());
  fireEvent.click(screen.getByRole('button', { name: 'Old one' }));
  expect(isOpen()).toBe('false');
});

test('settings open by shortcut, speak the chosen language at once, and close', async () => {
  await start();
  fireEvent.keyDown(window, { key: ',', ctrlKey: true });
  fireEvent.click(await screen.findByRole('radio', { name: '中文' }));
  await screen.findByRole('heading', { name: '通用' });
  expect(document.documentElement.lang).toBe('zh-CN');
  fireEvent.click(screen.getByRole('button', { name: '关闭设置' }));
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
});

test('what has to be said while settings are open is said inside them', async () => {
  vi.spyOn(navigator.clipboard, 'writeText').mockRejectedValue(new Error('refused'));
  await start();
  fireEvent.keyDown(window, { key: ',', ctrlKey: true });
  fireEvent.click(await screen.findByRole('button', { name: 'About' }));
  fireEvent.click(await screen.findByRole('button', { name: 'Copy' }));
  const words = await screen.findByText(/clipboard refused/);
  expect(screen.getByRole('dialog').contains(words)).toBe(true);
});

test('a precision is chosen by a click, not by walking over it, and its loading is shown', async () => {
  await start();
  fireEvent.click(screen.getByTestId('model-chip'));
  const cards = await screen.findByRole('radiogroup', { name: 'Precision' });
  fireEvent.keyDown(cards, { key: 'ArrowDown' });
  expect(routes()).not.toContain('settings.change');
  await screen.findByText(/15\.6 GB of GPU memory; 7\.3 GB are free, so 8\.3 GB are missing/);
  fireEvent.click(screen.getByRole('radio', { name: /^Int8/ }));
  await waitFor(() => expect(bridge.calls.at(-1)).toEqual({ route: 'settings.change', input: { precision: 'int8' } }));
  act(() =>
    bridge.tell('model.watch', {
      state: 'loading',
      model: demo,
      precision: 'int8',
      device: 'auto',
      progress: { stage: 'preparing', fraction: 0.4 },
    }),
  );
  await waitFor(() => expect(screen.getAllByRole('progressbar')[0]?.getAttribute('aria-valuenow')).toBe('40'));
});

test('hardware that could not be read is looked at again once the model is in another state', async () => {
  let isBroken = true;
  bridge = installBridge({
    'system.proveGpu': () => goodProof,
    'system.hardware': () => {
      if (isBroken) throw new AppError('worker.unavailable');
      return hardware;
    },
  });
  bridge.begin('settings.watch', settings);
  bridge.begin('conversations.watch', snapshot([]));
  bridge.begin('model.watch', { state: 'unloaded' });
  render(<App />);
  await screen.findByTestId('model-chip');
  fireEvent.keyDown(window, { key: ',', ctrlKey: true });
  fireEvent.click(await screen.findByRole('button', { name: 'This computer' }));
  await screen.findByText(/inference process keeps failing/);
  isBroken = false;
  act(() => bridge.tell('model.watch', ready));
  await screen.findByTestId('hardware');
  expect(screen.queryByRole('alert')).toBeNull();
});

const outOfMemory = {
  code: 'session.outOfMemory',
  params: { precision: 'int8', device: 'gpu', neededGb: '31.0', freeGb: '8.0' },
};

test('a model that failed says which, why and how much is missing, and offers every way on', async () => {
  await start();
  const failed = { state: 'failed', model: qwen, precision: 'bf16', device: 'auto', error: outOfMemory };
  act(() => bridge.tell('model.watch', failed));
  const card = await screen.findByRole('alert');
  expect(card.textContent).toContain('Qwen-7B-Chat did not load');
  expect(card.textContent).toContain('needs 31.0 GB of memory and 8.0 GB are free');
  expect(card.textContent).toContain('23.0 GB are missing.');
  fireEvent.click(screen.getByRole('button', { name: 'Try again' }));
  await waitFor(() => expect(routes()).toContain('model.load'));
  const useDemo = screen.getByRole('button', { name: 'Use the demo meanwhile' });
  await waitFor(() => expect(useDemo).toHaveProperty('disabled', false));
  fireEvent.click(useDemo);
  await waitFor(() => expect(bridge.calls).toContainEqual({ route: 'library.choose', input: { modelId: 'demo' } }));
  fireEvent.click(screen.getByRole('button', { name: 'Choose a precision' }));
  await screen.findByRole('heading', { name: 'Model & precision' });
});

test('a step down is told once with its cause, and has a way back', async () => {
  await start();
  const steppedDown = {
    state: 'ready',
    model: {
      ...ready.model,
      ...qwen,
      precision: 'nf4',
      device: 'gpu',
      steppedDownFrom: [{ precision: 'int8', device: 'gpu', error: outOfMemory }],
    },
  };
  act(() => bridge.tell('model.watch', steppedDown));
  const notice = await screen.findByTestId('step-down');
  expect(notice.textContent).toContain('It runs as NF4 on the GPU instead of Int8 on the GPU');
  expect(notice.textContent).toMatch(/instead of Int8 on the GPUInt8 on the GPU needs 31\.0 GB of memory/);
  fireEvent.click(screen.getByRole('button', { name: 'Try Int8 on the GPU again' }));
  await waitFor(() => expect(routes()).toContain('model.load'));
  fireEvent.click(screen.getByRole('button', { name: 'That is fine' }));
  const memory = { ...steppedDown.model.memory, conversationBytes: 2e6 };
  act(() => bridge.tell('model.watch', { ...steppedDown, model: { ...steppedDown.model, memory } }));
  await screen.findByRole('img', { name: /Conversation 1\.9 MB/ });
  expect(screen.queryByTestId('step-down')).toBeNull();
});

test('where the demo answers for a model that cannot, it says so', async () => {
  await start();
  const error = { code: 'checkpoint.missingFile', params: { file: 'config.json' } };
  act(() => bridge.tell('model.watch', { ...ready, model: { ...ready.model, insteadOf: { model: qwen, error } } }));
  const notice = await screen.findByTestId('step-down');
  expect(notice.textContent).toContain('Qwen-7B-Chat cannot be used now, so the demo answers');
  expect(notice.textContent).toContain('lacks config.json');
});

test('a download is seen beside the conversations, and the model is offered once it is there', async () => {
  await start();
  act(() => bridge.tell('library.watch', aLibrary(theDemo(), aModel({ installation: anInstallation() }))));
  const line = await screen.findByRole('button', { name: /Qwen-7B-Chat 43%/ });
  expect(line.textContent).toContain('12 min left');
  fireEvent.click(line);
  await screen.findByRole('heading', { name: 'Models' });
  fireEvent.click(screen.getByRole('button', { name: 'Close settings' }));
  act(() => bridge.tell('library.watch', aLibrary(theDemo(), aModel({ installed: installed() }))));
  await screen.findByText('Qwen-7B-Chat is ready.');
  fireEvent.click(screen.getByRole('button', { name: 'Switch to it' }));
  await waitFor(() =>
    expect(bridge.calls.at(-1)).toEqual({ route: 'library.choose', input: { modelId: 'qwen-7b-chat' } }),
  );
  const chosen = aModel({ installed: installed(), isChosen: true });
  act(() => bridge.tell('library.watch', aLibrary(theDemo({ isChosen: false }), chosen)));
  await waitFor(() => expect(screen.queryByText('Qwen-7B-Chat is ready.')).toBeNull());
});

test('a model that was there all along is not announced', async () => {
  bridge.begin('library.watch', aLibrary(theDemo(), aModel({ installed: installed() })));
  await start();
  expect(screen.queryByTestId('ready-notice')).toBeNull();
});
