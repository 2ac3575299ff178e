// @vitest-environment happy-dom
import { cleanup, fireEvent, render, screen, waitFor, within } from '@testing-library/react';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { AppError } from '../../../shared/appError';
import { type LibraryState, ModelId, type SourceCheck } from '../../../shared/library';
import type { SettingsChange } from '../../../shared/settings';
import type { Verdict } from '../../../shared/verdict';
import { installBridge } from '../../bridge.test-support';
import {
  aLibrary,
  aModel,
  anInstallation,
  aVerdict,
  installed,
  settings as initialSettings,
  theDemo,
  verdicts,
} from '../../fixtures.test-support';
import { LibrarySection } from './LibrarySection';
import { useState } from 'react';

let bridge: ReturnType<typeof installBridge>;
let changes: SettingsChange[];
let found: readonly Verdict[];
const checks: SourceCheck[] = [
  { source: 'modelscope', isReachable: true, milliseconds: 84, error: null },
  {
    source: 'huggingFace',
    isReachable: false,
    milliseconds: 5000,
    error: { code: 'download.offline', params: { host: 'huggingface.co' } },
  },
];
beforeEach(() => {
  changes = [];
  found = verdicts;
  bridge = installBridge({
    'library.verdicts': () => found,
    'library.checkSources': () => checks,
    'library.import': () => {
      throw new AppError('checkpoint.missingFile', { file: 'qwen.tiktoken' });
    },
  });
});
afterEach(cleanup);

function Section({ library }: { readonly library: LibraryState | null }) {
  const [settings, setSettings] = useState(initialSettings);
  const change = (next: SettingsChange): void => {
    changes.push(next);
    setSettings({ ...settings, ...(next as Partial<typeof settings>) }); // only keys that are given
  };
  return (
    <LibrarySection
      library={library}
      error={null}
      settings={settings}
      onChange={change}
      onFirstSteps={() => undefined}
    />
  );
}
const show = (library: LibraryState | null) => render(<Section library={library} />);
const row = (name: string) => within(screen.getByText(name, { selector: 'h2' }).closest('li') ?? document.body);
const lastCall = () => bridge.calls.at(-1);
const modelId = 'qwen-7b-chat';
const gib = 1024 ** 3;

test('before main has told, it says that it looks', () => {
  show(null);
  expect(screen.getByText('Looking into the library…')).toBeTruthy();
});

test('the licence is accepted before a download can start, and the disk is told honestly', async () => {
  show(aLibrary(theDemo(), aModel()));
  fireEvent.click(row('Qwen-7B-Chat').getByRole('button', { name: 'Download…' }));
  const recommended = await screen.findByRole('radio', { name: /NF4 on the GPU.*Suggested here/ });
  expect(recommended).toHaveProperty('checked', true);
  expect(screen.getByText('Qwen-7B-Chat as NF4 on the GPU, 14.4 GB to download')).toBeTruthy();
  expect(screen.getByText(/Without them 5\.6 GB stay on the disk, and up to 1\.2 GB more/)).toBeTruthy();
  expect(screen.getByText('212 GB are free in /data/models.')).toBeTruthy();
  const start = screen.getByRole('button', { name: 'Download' });
  expect(start).toHaveProperty('disabled', true);
  fireEvent.click(screen.getByRole('checkbox', { name: /accept it/ }));
  fireEvent.click(screen.getByRole('checkbox', { name: 'Keep the published weights too' }));
  expect(
    screen.getByText(/With them 18\.8 GB stay on the disk \(14\.4 GB as published, 4\.4 GB prepared\)/),
  ).toBeTruthy();
  fireEvent.click(start);
  const input = { modelId, precision: 'nf4', device: 'gpu', keepsOriginals: true, acceptsLicence: true };
  await waitFor(() => expect(lastCall()).toEqual({ route: 'library.install', input }));
});

test('too little disk is said before the download, with what is missing', async () => {
  show({ ...aLibrary(aModel()), freeBytes: 4 * 1024 ** 3 });
  fireEvent.click(screen.getByRole('button', { name: 'Download…' }));
  await screen.findByText(/^2\.8 GB of disk space are missing in \/data\/models/); // 5.6 and 1.2 that wait, less 4
});

test('a way that does not fit can be taken, and says what that means', async () => {
  show(aLibrary(aModel()));
  fireEvent.click(screen.getByRole('button', { name: 'Download…' }));
  fireEvent.click(await screen.findByRole('radio', { name: /BF16 on the GPU/ }));
  await screen.findByText(/loads only once 8\.3 GB more are free/);
});

test('where there is no GPU, one sentence says so in place of every way on it', async () => {
  const noGpu = { verdict: 'wontRun', reason: 'noGpu' } as const;
  const onGpu = (['bf16', 'int8'] as const).map((precision) => aVerdict({ precision, ...noGpu }));
  found = [aVerdict({ precision: 'int8', device: 'cpu', isRecommended: true }), ...onGpu];
  show(aLibrary(aModel()));
  fireEvent.click(screen.getByRole('button', { name: 'Download…' }));
  await screen.findByRole('radio', { name: /Int8 on the CPU/ });
  expect(screen.getAllByRole('radio')).toHaveLength(1);
  expect(screen.getByText('No GPU was found.')).toBeTruthy();
});

test('a download shows its stage and figures, pauses, and is discarded only after a question', async () => {
  show(aLibrary(aModel({ installation: anInstallation() })));
  expect(screen.getByText('Downloading from ModelScope')).toBeTruthy();
  expect(screen.getByRole('progressbar').getAttribute('aria-valuenow')).toBe('43');
  fireEvent.click(screen.getByRole('button', { name: 'Pause' }));
  await waitFor(() => expect(lastCall()).toEqual({ route: 'library.pause', input: { modelId } }));
  const discard = screen.getByRole('button', { name: 'Discard…' });
  discard.focus();
  fireEvent.click(discard);
  const question = screen.getByRole('alertdialog', { name: /6\.2 GB that were fetched are deleted/ });
  expect(document.activeElement?.textContent).toBe('Keep it');
  fireEvent.keyDown(question, { key: 'Escape' });
  expect(screen.queryByRole('alertdialog')).toBeNull();
  expect(document.activeElement?.textContent).toBe('Discard…');
  fireEvent.click(screen.getByRole('button', { name: 'Discard…' }));
  fireEvent.click(screen.getByRole('button', { name: 'Discard' }));
  await waitFor(() => expect(lastCall()).toEqual({ route: 'library.cancel', input: { modelId } }));
});

test.each([
  { pause: 'user', error: null, words: 'Paused', button: 'Go on' },
  {
    pause: 'diskFull',
    error: { code: 'store.diskFull', params: {} },
    words: 'Paused: the disk is full',
    button: 'Go on',
  },
  { pause: 'offline', error: null, words: 'Paused: no source can be reached', button: 'Go on' },
  { pause: 'failed', error: { code: 'internal', params: {} }, words: 'Stopped by a problem', button: 'Try again' },
] as const)('paused by $pause it says so, what is next, and goes on', async ({ pause, error, words, button }) => {
  show(aLibrary(aModel({ installation: anInstallation({ pause, error }) })));
  const state = row('Qwen-7B-Chat');
  expect(state.getByText(words)).toBeTruthy();
  expect(state.getByText(/What was fetched is kept/)).toBeTruthy();
  expect(state.queryByText(/min left/)).toBeNull();
  fireEvent.click(state.getByRole('button', { name: button }));
  await waitFor(() => expect(lastCall()).toEqual({ route: 'library.resume', input: { modelId } }));
});

test('without a network it is said once what to do, and that it goes on by itself', () => {
  const error = { code: 'download.offline' as const, params: { host: 'hub.home' } };
  show(aLibrary(aModel({ installation: anInstallation({ pause: 'offline', error }) })));
  const words = screen.getByText(/tries again by itself/).textContent;
  expect(words).toMatch(/^hub\.home cannot be reached/);
  expect(words.match(/network/g)).toHaveLength(1);
});

test('what is being overcome is said while it goes on', () => {
  const error = { code: 'store.diskFull' as const, params: {} };
  show(aLibrary(aModel({ installation: anInstallation({ error }) })));
  expect(screen.getByText(/^Trying again\. The disk is full/)).toBeTruthy();
});

test('an installed model can be chosen, checked, and removed after a question with its size', async () => {
  show(aLibrary(theDemo(), aModel({ installed: installed() })));
  const model = row('Qwen-7B-Chat');
  expect(model.getByText(/5\.6 GB on this disk · Ready for use: NF4 on the GPU/)).toBeTruthy();
  fireEvent.click(model.getByRole('button', { name: 'Use this model' }));
  await waitFor(() => expect(lastCall()).toEqual({ route: 'library.choose', input: { modelId } }));
  await waitFor(() =>
    expect(model.getByRole('button', { name: 'Check and repair' })).toHaveProperty('disabled', false),
  );
  fireEvent.click(model.getByRole('button', { name: 'Check and repair' }));
  await waitFor(() => expect(lastCall()).toEqual({ route: 'library.repair', input: { modelId } }));
  await waitFor(() => expect(model.getByRole('button', { name: 'Remove…' })).toHaveProperty('disabled', false));
  fireEvent.click(model.getByRole('button', { name: 'Remove…' }));
  expect(screen.getByRole('alertdialog', { name: /5\.6 GB become free/ })).toBeTruthy();
  fireEvent.click(screen.getByRole('button', { name: 'Remove' }));
  await waitFor(() => expect(lastCall()).toEqual({ route: 'library.remove', input: { modelId } }));
});

test('a folder of the user is only forgotten', () => {
  const here = installed({ origin: 'reference', folder: '/my/qwen', diskBytes: 0, hasOriginals: true });
  show(aLibrary(aModel({ licence: null, downloadBytes: null, installed: here })));
  expect(screen.getByText(/^Read where it lies: \/my\/qwen/)).toBeTruthy();
  fireEvent.click(screen.getByRole('button', { name: 'Forget…' }));
  expect(screen.getByRole('alertdialog', { name: /its files stay where they are/ })).toBeTruthy();
});

test('a copied folder would have to be copied again, and is not called a download', () => {
  show(aLibrary(aModel({ licence: null, downloadBytes: null, installed: installed({ origin: 'copy' }) })));
  fireEvent.click(screen.getByRole('button', { name: 'Remove…' }));
  expect(screen.getByRole('alertdialog', { name: /5\.6 GB become free.* copied in again/ })).toBeTruthy();
});

test('damaged files are told with the way to repair them', async () => {
  const problem = { code: 'checkpoint.missingFile' as const, params: { file: 'qwen.tiktoken' } };
  show(aLibrary(aModel({ installed: installed({ problem }) })));
  expect(screen.getByRole('alert').textContent).toContain('lacks qwen.tiktoken');
  expect(screen.getByRole('button', { name: 'Use this model' })).toHaveProperty('disabled', true);
  fireEvent.click(screen.getByRole('button', { name: 'Check and repair' }));
  await waitFor(() => expect(lastCall()).toEqual({ route: 'library.repair', input: { modelId } }));
});

test('the demo cannot be removed', () => {
  show(aLibrary(theDemo()));
  const demo = row('Demo model');
  expect(demo.getByText('Comes with Deskmate')).toBeTruthy();
  expect(demo.queryByRole('button')).toBeNull();
});

test('a folder that is no model says exactly what is missing', async () => {
  show(aLibrary(theDemo()));
  fireEvent.click(screen.getByRole('button', { name: 'Copy it in…' }));
  await screen.findByText(/lacks qwen\.tiktoken/);
  expect(lastCall()).toEqual({ route: 'library.import', input: { isCopied: true } });
});

test('sources are put in another order by keyboard, with the focus kept and the place told', () => {
  show(aLibrary(theDemo()));
  const up = screen.getByRole('button', { name: 'Move the Hugging Face mirror up' });
  up.focus();
  fireEvent.click(up);
  expect(changes.at(-1)).toEqual({ sourceOrder: ['modelscope', 'hfMirror', 'huggingFace', 'custom'] });
  expect(document.activeElement?.getAttribute('aria-label')).toBe('Move the Hugging Face mirror up');
  expect(screen.getByText('Hugging Face mirror is number 2 of 4 now')).toBeTruthy();
  fireEvent.click(screen.getByRole('button', { name: 'Move ModelScope up' }));
  expect(changes).toHaveLength(1);
});

test('sources tell whether they have the model in question, once they were asked', async () => {
  const small = aModel({ id: ModelId.parse('qwen-1.8b-chat'), name: 'Qwen-1.8B-Chat', isChosen: true });
  show(aLibrary(theDemo(), aModel(), small));
  fireEvent.click(screen.getByRole('button', { name: 'Check what can be reached' }));
  await screen.findByText('answers in 84 ms');
  expect(screen.getByText('cannot be reached')).toBeTruthy();
  expect(screen.getByText('no address yet')).toBeTruthy();
  expect(lastCall()).toEqual({ route: 'library.checkSources', input: { modelId: small.id } });
  expect(screen.getByText('They were asked for Qwen-1.8B-Chat.')).toBeTruthy();
});

test('an address of the user has to be a whole one', () => {
  show(aLibrary(theDemo()));
  const field = screen.getByRole('textbox', { name: 'Your own address' });
  fireEvent.change(field, { target: { value: 'models.home' } });
  fireEvent.submit(field);
  expect(field.getAttribute('aria-invalid')).toBe('true');
  expect(changes).toEqual([]);
  fireEvent.change(field, { target: { value: ' http://models.home:8080/hub ' } });
  fireEvent.submit(field);
  expect(changes).toEqual([{ customSource: 'http://models.home:8080/hub' }]);
});

test('a speed limit is in megabytes, has a least value, and goes away when emptied', () => {
  show(aLibrary(theDemo()));
  const field = () => screen.getByRole('textbox', { name: 'Speed limit' });
  const enter = (value: string): void => {
    fireEvent.change(field(), { target: { value } });
    fireEvent.submit(field());
  };
  enter('2.5');
  expect(changes).toEqual([{ bandwidthLimit: 2_621_440 }]);
  enter('0.01');
  expect(screen.getByRole('alert').textContent).toContain('from 0.1');
  enter('fast');
  expect(changes).toHaveLength(1);
  enter('');
  expect(changes.at(-1)).toEqual({ bandwidthLimit: null });
});

test('the models folder says what it takes, and how far its move is, which can be cancelled', async () => {
  const move = { to: '/big/models', stage: 'copying', doneBytes: gib, totalBytes: 4 * gib, error: null } as const;
  show({ ...aLibrary(theDemo(), aModel({ installed: installed() })), move });
  const folder = within(screen.getByTestId('models-folder'));
  expect(folder.getByText('5.6 GB taken by models, 212 GB free on this disk')).toBeTruthy();
  expect(folder.getByText('1.0 GB of 4.0 GB')).toBeTruthy();
  expect(folder.getByRole('progressbar', { name: 'Moving to /big/models' }).getAttribute('aria-valuenow')).toBe('25');
  expect(folder.queryByRole('button', { name: 'Move…' })).toBeNull();
  fireEvent.click(folder.getByRole('button', { name: 'Cancel the move' }));
  await waitFor(() => expect(lastCall()).toEqual({ route: 'library.cancelMove', input: {} }));
});

test('a move says what it waits for, and that the new folder counts once it cannot be cancelled', () => {
  const move = { to: '/big/models', doneBytes: 4 * gib, totalBytes: 4 * gib, error: null } as const;
  show({ ...aLibrary(theDemo()), move: { ...move, stage: 'waiting' } });
  expect(screen.getByText('Waiting until the model is loaded')).toBeTruthy();
  expect(screen.getByRole('button', { name: 'Cancel the move' })).toBeTruthy();
  cleanup();
  show({ ...aLibrary(theDemo()), move: { ...move, stage: 'clearing' } });
  expect(screen.getByText('Emptying the old folder')).toBeTruthy();
  expect(screen.queryByRole('button', { name: 'Cancel the move' })).toBeNull();
});

test('a folder that another Deskmate works in says so', () => {
  const problem = { code: 'library.folderInUse' as const, params: { folder: '/data/models' } };
  show({ ...aLibrary(theDemo()), problem });
  expect(within(screen.getByTestId('models-folder')).getByRole('alert').textContent).toContain('Another Deskmate uses');
});

test.each([
  [{ repaired: [] }, {}, 'Checked: every file is as it was.'],
  [{ repaired: [] }, { origin: 'reference' as const }, 'Checked: nothing is missing.'],
  [
    { repaired: ['model-00001-of-00008.safetensors', 'nf4-float16'] },
    {},
    'Checked, and repaired: model-00001-of-00008.safetensors, nf4-float16.',
  ],
])('a check that is done says how it came out', (check, parts, words) => {
  show(aLibrary(aModel({ check, installed: installed(parts) })));
  expect(screen.getByText(words).getAttribute('role')).toBe('status');
});
