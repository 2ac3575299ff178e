// @vitest-environment happy-dom
import { cleanup, fireEvent, render, screen, within } from '@testing-library/react';
import { afterEach, expect, test, vi } from 'vitest';
import { AppError } from '../../../shared/appError';
import type { LibraryModel } from '../../../shared/library';
import type { Settings } from '../../../shared/settings';
import type { Verdict } from '../../../shared/verdict';
import { installBridge } from '../../bridge.test-support';
import { aModel, aVerdict, installed, readyDemo, settings, verdicts } from '../../fixtures.test-support';
import { ModelSection } from './ModelSection';

afterEach(cleanup);

type Shown = {
  readonly found?: readonly Verdict[];
  readonly chosen?: LibraryModel;
  readonly parts?: Partial<Settings>;
};
function show({ found = verdicts, chosen = aModel({ installed: installed() }), parts = {} }: Shown = {}) {
  installBridge({ 'library.verdicts': () => found });
  const handlers = { onChange: vi.fn(), onOpenModels: vi.fn(), onUseDemo: vi.fn(() => Promise.resolve()) };
  render(<ModelSection status={readyDemo} settings={{ ...settings, ...parts }} chosen={chosen} {...handlers} />);
  return handlers;
}
const card = async (name: RegExp): Promise<string> => (await screen.findByRole('radio', { name })).textContent ?? '';
const withOriginals = aModel({ installed: installed({ hasOriginals: true }) });

test('each card says what is known here, on which device, and what is missing', async () => {
  show({ chosen: withOriginals });
  expect(await card(/^NF4.*Suggested here.*Should run/)).toContain(
    'GPU Needs about 5.7 GB of GPU memory; 7.3 GB are free',
  );
  expect(await card(/^BF16.*Won’t run/)).toContain('so 8.3 GB are missing');
  expect(screen.getByText(/Qwen-7B-Chat, with conversations of 2,048 tokens/)).toBeTruthy();
});

test('before main has told, it says that it looks, and claims nothing', async () => {
  show();
  expect(screen.getByText('Working out what fits…')).toBeTruthy();
  expect(screen.queryByText(/Should run|Won’t run/)).toBeNull();
  await card(/^NF4.*Should run/);
  expect(screen.queryByText('Working out what fits…')).toBeNull();
});

test('only what was measured is said to run', async () => {
  show({ found: [aVerdict({ verdict: 'runs', reason: 'measured', isMeasured: true }), ...verdicts.slice(1)] });
  expect(await card(/^NF4.*Runs/)).toContain('Ran here with 5.7 GB of GPU memory: opening it was measured');
  expect(await card(/^Int8/)).toContain('Should run');
});

test('Auto takes the better device, a setting of the device the other one', async () => {
  show({ chosen: withOriginals });
  expect(await card(/^Int8.*Should run/)).toContain('CPU Needs about 11.0 GB');
  cleanup();
  show({ chosen: withOriginals, parts: { device: 'gpu' } });
  expect(await card(/^Int8.*Won’t run/)).toContain('GPU Needs about 8.8 GB');
});

test('a precision whose weights are not here leads to where they can be had', async () => {
  const { onChange, onOpenModels } = show();
  const int8 = await screen.findByRole('radio', { name: /^Int8.*Not on this disk/ });
  expect(await card(/^NF4/)).not.toContain('Not on this disk');
  fireEvent.click(int8);
  expect(onOpenModels).toHaveBeenCalledOnce();
  expect(onChange).not.toHaveBeenCalled();
});

test('what suits best but is not on this disk is one sentence, and no suggestion beside it', async () => {
  const onlyInt8 = installed({ prepared: [{ precision: 'int8', device: 'cpu', bytes: 1 }] });
  show({ chosen: aModel({ installed: onlyInt8 }) });
  const nf4 = await card(/^NF4.*It would suit this computer best, but it is not on this disk/);
  expect(nf4).not.toContain('Suggested here');
  expect(await card(/^BF16/)).toContain('Not on this disk: it would have to be fetched.');
});

test('Auto says what it would take of what is here', async () => {
  const onlyInt8 = installed({ prepared: [{ precision: 'int8', device: 'cpu', bytes: 1 }] });
  show({ chosen: aModel({ installed: onlyInt8 }) });
  expect(await card(/^Auto.*free now/)).toContain('With what is free now: Int8 on the CPU.');
});

test('where nothing fits with a margin, Auto says the smallest that it would load, not the best that hardly fits', async () => {
  const tight = { verdict: 'shouldRun', reason: 'fitsTightly', device: 'cpu' } as const;
  show({
    chosen: withOriginals,
    found: [aVerdict({ precision: 'int8', ...tight }), aVerdict({ precision: 'int4', ...tight })],
  });
  expect(await card(/^Auto.*free now/)).toContain('With what is free now: INT4 on the CPU.');
});

test('verdicts that could not be had are asked for again', async () => {
  let isBroken = true;
  installBridge({
    'library.verdicts': () => {
      if (isBroken) throw new AppError('worker.unavailable');
      return verdicts;
    },
  });
  const handlers = { onChange: vi.fn(), onOpenModels: vi.fn(), onUseDemo: vi.fn(() => Promise.resolve()) };
  render(<ModelSection status={readyDemo} settings={settings} chosen={withOriginals} {...handlers} />);
  const alert = await screen.findByRole('alert');
  isBroken = false;
  fireEvent.click(within(alert).getByRole('button', { name: 'Look again' }));
  expect(await card(/^NF4.*Should run/)).toContain('5.7 GB');
});
