// @vitest-environment happy-dom
import { act, cleanup, fireEvent, render, screen, waitFor } from '@testing-library/react';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { AppError } from '../shared/appError';
import { ModelId } from '../shared/library';
import type { Settings } from '../shared/settings';
import { App } from './App';
import { installBridge } from './bridge.test-support';
import {
  aLibrary,
  aModel,
  aVerdict,
  goodProof,
  hardware,
  readyDemo,
  settings as begun,
  theDemo,
  verdicts,
} from './fixtures.test-support';

const fresh: Settings = { ...begun, hasStarted: false };
const small = aModel({ id: ModelId.parse('qwen-1.8b-chat'), name: 'Qwen-1.8B-Chat', downloadBytes: 3.4 * 1024 ** 3 });

let bridge: ReturnType<typeof installBridge>;
let current: Settings;
beforeEach(() => {
  sessionStorage.clear();
  current = fresh;
  bridge = installBridge({
    'system.hardware': () => hardware,
    'system.proveGpu': () => goodProof,
    'library.verdicts': (input) =>
      (input as { modelId: string }).modelId === small.id // as the contract says
        ? [aVerdict({ precision: 'bf16', isRecommended: true })]
        : verdicts,
    'settings.change': (change) => {
      current = { ...current, ...(change as Partial<Settings>) }; // as the view under test sent it
      bridge.tell('settings.watch', current);
      return current;
    },
  });
  bridge.begin('settings.watch', fresh);
  bridge.begin('model.watch', readyDemo);
  bridge.begin('library.watch', aLibrary(theDemo(), aModel(), small));
  bridge.begin('conversations.watch', { kind: 'snapshot', conversations: [] });
});
afterEach(cleanup);

const press = (name: string) => fireEvent.click(screen.getByRole('button', { name }));
const changes = () => bridge.calls.filter(({ route }) => route === 'settings.change').map(({ input }) => input);
async function start(): Promise<void> {
  render(<App />);
  await screen.findByRole('heading', { name: 'What this computer can do' });
  await screen.findByText('Tested: the GPU computes a small model correctly.');
}

test('from the first start to a download: three steps, with the focus on each title', async () => {
  await start();
  press('Continue');
  const precision = screen.getByRole('heading', { name: 'Which precision' });
  expect(document.activeElement).toBe(precision);
  const recommended = await screen.findByRole('radio', { name: /NF4 on the GPU Should run Suggested here/ });
  expect(recommended).toHaveProperty('checked', true);
  expect(screen.getByRole('radio', { name: /Int8 on the GPU Won’t run.*1\.5 GB are missing/ })).toBeTruthy();
  fireEvent.click(screen.getByRole('radio', { name: /Int8 on the CPU/ }));
  press('Continue');
  expect(screen.getByText('Qwen-7B-Chat as Int8 on the CPU, 14.4 GB to download')).toBeTruthy();
  fireEvent.click(screen.getByRole('checkbox', { name: /accept it/ }));
  press('Download');
  await screen.findByTestId('demo-note');
  expect(bridge.calls).toContainEqual({
    route: 'library.install',
    input: { modelId: 'qwen-7b-chat', precision: 'int8', device: 'cpu', keepsOriginals: false, acceptsLicence: true },
  });
  expect(changes()).toEqual([{ hasStarted: true }]);
});

test.each(['computer', 'precision', 'source'])('at the step "%s" the demo is one click away', async (step) => {
  await start();
  while (screen.getByTestId('first-run').dataset['step'] !== step) {
    if (screen.getByTestId('first-run').dataset['step'] === 'precision')
      await screen.findByRole('radio', { name: /Suggested here/ });
    press('Continue');
  }
  press('Try the demo now');
  await screen.findByTestId('demo-note');
  expect(changes()).toEqual([{ hasStarted: true }]);
});

test('a download that did not begin keeps the page, and says why', async () => {
  bridge = installBridge({
    'system.hardware': () => hardware,
    'system.proveGpu': () => goodProof,
    'library.verdicts': () => verdicts,
    'library.install': () => {
      throw new AppError('store.diskFull');
    },
  });
  bridge.begin('settings.watch', fresh);
  bridge.begin('library.watch', aLibrary(theDemo(), aModel()));
  await start();
  press('Continue');
  await screen.findByRole('radio', { name: /Suggested here/ });
  press('Continue');
  fireEvent.click(screen.getByRole('checkbox', { name: /accept it/ }));
  press('Download');
  await screen.findByText(/^The disk is full/);
  expect(screen.getByTestId('first-run').dataset['step']).toBe('source');
  expect(changes()).toEqual([]);
});

test('a smaller model has its own verdicts', async () => {
  await start();
  press('Continue');
  fireEvent.click(await screen.findByRole('radio', { name: 'Qwen-1.8B-Chat' }));
  await screen.findByRole('radio', { name: /BF16 on the GPU.*Suggested here/ });
  press('Continue');
  expect(screen.getByText('Qwen-1.8B-Chat as BF16 on the GPU, 3.4 GB to download')).toBeTruthy();
});

test('where nothing fits nothing is chosen, and it says what can be done', async () => {
  const wontRun = aVerdict({
    precision: 'int4',
    device: 'cpu',
    verdict: 'wontRun',
    reason: 'tooLarge',
    missingBytes: 1e9,
  });
  bridge = installBridge({ 'system.hardware': () => ({ ...hardware, gpus: [] }), 'library.verdicts': () => [wontRun] });
  bridge.begin('settings.watch', fresh);
  bridge.begin('library.watch', aLibrary(theDemo(), aModel()));
  render(<App />);
  fireEvent.click(await screen.findByRole('button', { name: 'Continue' }));
  await screen.findByText(/^Nothing fits in what is free now/);
  expect(screen.getByRole('button', { name: 'Continue' })).toHaveProperty('disabled', true);
  const asked = () => bridge.calls.filter(({ route }) => route === 'library.verdicts').length;
  const before = asked();
  press('Look again');
  await waitFor(() => expect(asked()).toBe(before + 1));
});

test('whoever took the first steps sees the conversations at once, and the steps again only from Settings', async () => {
  bridge.begin('settings.watch', begun);
  render(<App />);
  await screen.findByTestId('demo-note');
  expect(screen.queryByTestId('first-run')).toBeNull();
  fireEvent.keyDown(window, { key: ',', ctrlKey: true });
  fireEvent.click(await screen.findByRole('button', { name: 'Models' }));
  press('Go through the first steps again');
  await screen.findByRole('heading', { name: 'What this computer can do' });
  press('Back to the conversations');
  await screen.findByTestId('demo-note');
  expect(changes()).toEqual([]);
});

test('nothing is shown before it is known whether this is the first start', async () => {
  bridge = installBridge({});
  render(<App />);
  await act(() => Promise.resolve());
  expect(screen.queryByTestId('first-run')).toBeNull();
  expect(screen.queryByRole('main')).toBeNull();
});

test('the other language is one click away', async () => {
  await start();
  press('中文');
  await screen.findByRole('heading', { name: '这台电脑能做什么' });
  expect(changes()).toEqual([{ language: 'zh-CN' }]);
});
