// @vitest-environment happy-dom
import { cleanup, fireEvent, render, screen, waitFor, within } from '@testing-library/react';
import { afterEach, expect, test, vi } from 'vitest';
import { AppError } from '../../../shared/appError';
import type { GpuProof, Hardware } from '../../../shared/hardware';
import { installBridge } from '../../bridge.test-support';
import { aModel, aVerdict, goodProof, hardware, mainModelId, verdicts } from '../../fixtures.test-support';
import { HardwareSection } from './HardwareSection';

afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
});

function show(found: Hardware, prove: (input: unknown) => GpuProof | Promise<GpuProof> = () => goodProof) {
  const bridge = installBridge({
    ...{ 'system.hardware': () => found, 'system.proveGpu': prove },
    'library.verdicts': () => verdicts,
  });
  render(<HardwareSection occasion="ready" model={aModel()} />);
  return bridge;
}

test('every figure says where it comes from', async () => {
  show(hardware);
  const facts = within(await screen.findByTestId('hardware'));
  expect(facts.getByText('8.0 GB of GPU memory, 7.3 GB free · discrete · driver 560.94')).toBeTruthy();
  expect(facts.getByText('from nvidia-smi')).toBeTruthy();
  expect(facts.getByText('32.0 GB, 20.0 GB free')).toBeTruthy();
  expect(facts.getByText('/home/ada')).toBeTruthy();
});

test('what no source tells is said to be unknown, not made up', async () => {
  const [gpu] = hardware.gpus;
  show({ ...hardware, disk: null, gpus: [{ ...gpu!, vramTotal: null, vramFree: null, driver: null, kind: null }] });
  await screen.findByText('GPU memory not reported');
  expect(screen.getByText('free space cannot be read')).toBeTruthy();
});

test('a GPU is tested once by itself, and again on demand', async () => {
  const bridge = show(hardware);
  await screen.findByText('Tested: the GPU computes a small model correctly.');
  expect(screen.getByText(/1\.2 s · largest deviation from the CPU 0\.00040/)).toBeTruthy();
  fireEvent.click(screen.getByRole('button', { name: 'Test again' }));
  const proofs = () => bridge.calls.filter(({ route }) => route === 'system.proveGpu').map(({ input }) => input);
  await waitFor(() => expect(proofs()).toEqual([{ isForced: false }, { isForced: true }]));
});

test('while it is tested it says so, and claims nothing', async () => {
  show(hardware, () => new Promise<GpuProof>(() => undefined));
  await screen.findByText('Testing whether the GPU computes…');
  expect(screen.queryByText(/^Tested/)).toBeNull();
});

test.each([
  [{ isUsable: false, error: { code: 'device.gpuUnavailable', params: {} } }, /cannot be used.*Update the graphics/],
  [{ isSoftware: true }, /computes on the CPU, and more slowly/],
] as const)('a GPU of which the test says %o', async (parts, words) => {
  show(hardware, () => ({ ...goodProof, ...parts }));
  await screen.findByText(words);
});

test('a test that could not be made says why and can be made again', async () => {
  let isBroken = true;
  show(hardware, () => {
    if (isBroken) throw new AppError('worker.unavailable');
    return goodProof;
  });
  await screen.findByText(/inference process keeps failing/);
  isBroken = false;
  fireEvent.click(screen.getByRole('button', { name: 'Test again' }));
  await screen.findByText('Tested: the GPU computes a small model correctly.');
});

test('without a GPU nothing is tested', async () => {
  const bridge = show({ ...hardware, gpus: [] });
  await screen.findByText('No GPU found');
  expect(bridge.calls.map(({ route }) => route)).not.toContain('system.proveGpu');
});

test('the raw answers are there to read, and everything is copied as text', async () => {
  const writeText = vi.spyOn(navigator.clipboard, 'writeText').mockResolvedValue();
  show(hardware);
  await screen.findByText('Tested: the GPU computes a small model correctly.');
  expect(screen.getByText('nvidia-smi --query-gpu=name')).toBeTruthy();
  expect(screen.getByText('not there')).toBeTruthy();
  fireEvent.click(screen.getByRole('button', { name: 'Copy all as text' }));
  await screen.findByRole('button', { name: 'Copied' });
  const text = writeText.mock.calls[0]?.[0] ?? '';
  expect(text).toContain('$ nvidia-smi --query-gpu=name\n  answered after 41 ms\nRTX 4060, 8188, 7475');
  expect(text).toContain('"driver":"560.94"');
  expect(text).toContain('"isUsable":true');
  expect(text).toContain(
    'Auto, for Qwen-7B-Chat: nf4 on gpu\n  {"precision":"nf4","device":"gpu","verdict":"shouldRun"',
  );
});

test('what Auto would take is told by the verdicts that it goes by, not guessed from the hardware', async () => {
  const writeText = vi.spyOn(navigator.clipboard, 'writeText').mockResolvedValue();
  const onCpu = aVerdict({ precision: 'int8', device: 'cpu', isRecommended: true });
  const broken = aVerdict({ verdict: 'wontRun', reason: 'gpuBroken' });
  installBridge({
    'system.hardware': () => hardware,
    'system.proveGpu': () => ({ ...goodProof, isUsable: false }),
    'library.verdicts': (input) => (JSON.stringify(input).includes(mainModelId) ? [onCpu, broken] : []),
  });
  render(<HardwareSection occasion="ready" model={aModel()} />);
  await screen.findByText(/the GPU cannot be used/);
  fireEvent.click(screen.getByRole('button', { name: 'Copy all as text' }));
  await screen.findByRole('button', { name: 'Copied' });
  expect(writeText.mock.calls[0]?.[0]).toContain('Auto, for Qwen-7B-Chat: int8 on cpu\n');
});
