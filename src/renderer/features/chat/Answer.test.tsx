// @vitest-environment happy-dom
import { cleanup, fireEvent, render, screen } from '@testing-library/react';
import { afterEach, expect, test, vi } from 'vitest';
import { demoModelId } from '../../../shared/library';
import type { WireError } from '../../../shared/wireError';
import { Answer } from './Answer';
import { aMessage, aProvenance, messageId } from './messages.test-support';

afterEach(cleanup);
const onEdit = vi.fn();
const show = (
  given: Partial<Parameters<typeof aMessage>[0]>,
  onRegenerate: (() => void) | null = null,
  notReplaced: WireError | null = null,
) =>
  render(
    <Answer
      message={aMessage({ id: 2, text: 'Once', ...given })}
      prefill={null}
      notReplaced={notReplaced}
      onRegenerate={onRegenerate}
      question="Tell me everything"
      onEdit={onEdit}
      onOpenSettings={() => undefined}
    />,
  );

test('a finished answer says what made it and what it cost', () => {
  show({ provenance: aProvenance });
  const words = screen.getByTestId('provenance').textContent;
  for (const part of ['NF4', 'GPU', '214 tokens', '38 tokens/s', 'first token 0.4 s']) expect(words).toContain(part);
});

test('the seed and all it takes to repeat an answer are told on request, and copied with it', async () => {
  const writeText = vi.spyOn(navigator.clipboard, 'writeText').mockResolvedValue();
  show({ provenance: aProvenance });
  const button = screen.getByRole('button', { name: 'Details' });
  expect(screen.queryByTestId('answer-details')).toBeNull();
  fireEvent.click(button);
  expect(button.getAttribute('aria-expanded')).toBe('true');
  const facts = screen.getByTestId('answer-details').textContent;
  const wrote = ['ModelQwen-7B-Chat', 'PrecisionNF4', 'DeviceNVIDIA GeForce RTX 4060 (GPU)'];
  for (const part of [...wrote, 'WebGPU', 'Seed7', '300 tokens', '20 tokens']) expect(facts).toContain(part);
  fireEvent.click(screen.getByRole('button', { name: 'Copy with details' }));
  await screen.findByRole('button', { name: 'Copied' });
  const copied = writeText.mock.calls[0]?.[0];
  for (const part of ['Once\n', 'Precision: NF4\nDevice: NVIDIA GeForce RTX 4060 (GPU)\n', 'Seed: 7'])
    expect(copied).toContain(part);
});

test('the demo is called a demo, and a device that no probe could name is named by its kind', () => {
  show({ provenance: { ...aProvenance, modelId: demoModelId, modelName: 'some file', deviceName: '' } });
  fireEvent.click(screen.getByRole('button', { name: 'Details' }));
  const facts = screen.getByTestId('answer-details').textContent;
  for (const part of ['ModelDemo model', 'DeviceGPU']) expect(facts).toContain(part);
});

test('messages that the model could no longer see are counted under its answer', () => {
  show({ provenance: { ...aProvenance, droppedTurns: 4 } });
  expect(screen.getByTestId('provenance').textContent).toContain('earlier messages left out: 4');
  cleanup();
  show({ provenance: aProvenance });
  expect(screen.getByTestId('provenance').textContent).not.toContain('left out');
});

test('an answer cut off before its figures were known says what made it, and invents none', () => {
  const unknown = { promptTokens: null, reusedTokens: null, newTokens: null, droppedTurns: null };
  const provenance = { ...aProvenance, ...unknown, tokensPerSecond: null, timeToFirstTokenMs: null };
  show({ state: 'interrupted', provenance });
  expect(screen.getByTestId('provenance').textContent).toBe('InterruptedNF4GPU');
  fireEvent.click(screen.getByRole('button', { name: 'Details' }));
  expect(screen.getByTestId('answer-details').textContent).toContain('Seed7');
});

test('BF16 on WebGPU says that FP16 computed it', () => {
  show({ provenance: { ...aProvenance, precision: 'bf16' } });
  expect(screen.getByTestId('provenance').textContent).toContain('BF16 (computed in FP16)');
});

test.each([
  ['stopped', 'Stopped'],
  ['length', 'Cut at the length limit'],
  ['interrupted', 'Interrupted'],
] as const)('%s is said in words', (state, words) => {
  show({ state });
  expect(screen.getByTestId('provenance').textContent).toContain(words);
});

test('a failed answer keeps its text, says why, and can be tried again', () => {
  const onRegenerate = vi.fn();
  show(
    { state: 'error', error: { code: 'session.outOfMemory', params: { neededGb: '31.0', freeGb: '8.0' } } },
    onRegenerate,
  );
  expect(screen.getByText('Once')).toBeTruthy();
  expect(screen.getByRole('alert').textContent).toContain('needs 31.0 GB of memory and 8.0 GB are free');
  fireEvent.click(screen.getByRole('button', { name: 'Try again' }));
  expect(onRegenerate).toHaveBeenCalledOnce();
});

test('where no new answer came about, the old one says why, and it can be tried again', () => {
  const onRegenerate = vi.fn();
  show({}, onRegenerate, { code: 'worker.crashed', params: { exitCode: 9 } });
  expect(screen.getByText('Once')).toBeTruthy();
  expect(screen.getByRole('alert').textContent).toMatch(/^No new answer came about.*exit code 9/);
  fireEvent.click(screen.getByRole('button', { name: 'Try again' }));
  expect(onRegenerate).toHaveBeenCalledOnce();
});

test('a message that is too long leads back to its words, and not to the same failure', () => {
  show({ state: 'error', error: { code: 'prompt.tooLong', params: { tokens: 900, limit: 512 } } }, () => undefined);
  expect(screen.queryByRole('button', { name: 'Try again' })).toBeNull();
  expect(screen.queryByRole('button', { name: 'Write anew' })).toBeNull();
  fireEvent.click(screen.getByRole('button', { name: 'Edit' }));
  expect(onEdit).toHaveBeenCalledWith('Tell me everything');
});

test('only where it is offered can an answer be written anew', () => {
  const { unmount } = show({});
  expect(screen.queryByRole('button', { name: 'Write anew' })).toBeNull();
  unmount();
  show({}, () => undefined);
  expect(screen.getByRole('button', { name: 'Write anew' })).toBeTruthy();
});

test('a long prompt shows how far it has been read', () => {
  render(
    <Answer
      message={aMessage({ id: 2, state: 'streaming' })}
      prefill={{ messageId: messageId(2), done: 512, total: 2048 }}
      notReplaced={null}
      onRegenerate={null}
      question={null}
      onEdit={null}
      onOpenSettings={() => undefined}
    />,
  );
  expect(screen.getByRole('progressbar').getAttribute('aria-valuenow')).toBe('25');
});
