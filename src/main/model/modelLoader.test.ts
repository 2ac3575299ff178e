import { beforeEach, expect, test, vi } from 'vitest';
import type { ModelStatus } from '../../shared/model';
import type { Settings } from '../../shared/settings';
import { openedModel } from '../inference/frames.test-support';
import type { Script } from '../inference/scriptedWorker.test-support';
import { ScriptedWorker } from '../inference/scriptedWorker.test-support';
import { WorkerHost } from '../inference/workerHost';
import { ModelLoader } from './modelLoader';
import { testModel } from './testModel.test-support';

const model = { modelId: testModel.modelId, name: 'Test model', isDemo: true };

let spawned: ScriptedWorker[];
let seen: ModelStatus[];
let settings: Pick<Settings, 'precision' | 'device'>;
let script: Script;
let loader: ModelLoader;

const opens: Script = ({ id }, worker) => {
  worker.send({ kind: 'event', id, event: { stage: 'opening', fraction: 0.5 } });
  worker.send({ kind: 'result', id, output: openedModel });
};
const fails: Script = ({ id }, worker) =>
  worker.send({ kind: 'error', id, error: { code: 'session.failed', params: { reason: 'test' } } });
const dies: Script = (_request, worker) => worker.exit(134);
const hangs: Script = () => undefined;

beforeEach(() => {
  [spawned, seen, settings, script] = [[], [], { precision: 'auto', device: 'cpu' }, opens];
  const host = new WorkerHost({
    spawn: () => {
      const worker = new ScriptedWorker({ load: (...all) => script(...all) });
      spawned.push(worker);
      return worker;
    },
    reportBug: (bug) => expect.unreachable(String(bug)),
    wait: (ms) => new Promise((resolve) => setTimeout(resolve, ms / 100)),
  });
  loader = new ModelLoader({
    host,
    model: () => testModel,
    settings: () => settings,
    reportBug: (bug) => expect.unreachable(String(bug)),
  });
  loader.watch((status) => seen.push(status));
});
const states = () => seen.map(({ state }) => state);
const loadInputs = () =>
  spawned.map(({ received }) =>
    received.filter(({ kind }) => kind === 'request').map((frame) => 'input' in frame && frame.input),
  );

test('loads as the settings say and tells of each step', async () => {
  await loader.load();
  expect(seen).toEqual([
    { state: 'unloaded' },
    { state: 'loading', model, precision: 'auto', device: 'cpu', progress: { stage: 'starting', fraction: null } },
    { state: 'loading', model, precision: 'auto', device: 'cpu', progress: { stage: 'opening', fraction: 0.5 } },
    { state: 'ready', model: { ...openedModel, ...model, steppedDownFrom: [], insteadOf: null } },
  ]);
  expect(loadInputs()).toEqual([
    [
      {
        modelFolder: '/models/test',
        preparedFolder: '/prepared',
        fingerprint: null,
        precision: 'auto',
        device: 'cpu',
        proof: null,
        measurements: [],
      },
    ],
  ]);
});

test('loading what is loading or loaded does nothing', async () => {
  await Promise.all([loader.load(), loader.load()]);
  await loader.load();
  expect(loadInputs()).toHaveLength(1);
  expect(loadInputs()[0]).toHaveLength(1);
});

test('a failure is told, its process ended, and the user may try again', async () => {
  script = fails;
  await loader.load();
  expect(seen.at(-1)).toEqual({
    state: 'failed',
    model,
    precision: 'auto',
    device: 'cpu',
    error: { code: 'session.failed', params: { reason: 'test' } },
  });
  await expect(loader.whenReady()).rejects.toMatchObject({ code: 'session.failed' });
  expect(spawned[0]!.received.at(-1)).toEqual({ kind: 'shutdown' });
  script = opens;
  await loader.load();
  expect(states().at(-1)).toBe('ready');
  expect(spawned).toHaveLength(2);
});

test('a new precision stops the running answer, then ends the process and loads in another', async () => {
  await loader.load();
  settings = { precision: 'nf4', device: 'cpu' };
  const stopRunning = vi.fn(() => {
    expect(states().at(-1)).toBe('loading'); // so no queued answer starts with the old model
    expect(spawned[0]!.received.at(-1)).not.toEqual({ kind: 'shutdown' });
    return Promise.resolve();
  });
  await loader.reload(stopRunning);
  expect(stopRunning).toHaveBeenCalledOnce();
  expect(spawned[0]!.received.at(-1)).toEqual({ kind: 'shutdown' });
  expect(loadInputs()[1]).toMatchObject([{ precision: 'nf4' }]);
  expect(states().at(-1)).toBe('ready');
});

test('of several changes while loading only the last one counts', async () => {
  script = hangs;
  const first = loader.load();
  await vi.waitFor(() => expect(loadInputs()).toMatchObject([[{ precision: 'auto' }]]));
  settings = { precision: 'int8', device: 'cpu' };
  const second = loader.reload(() => Promise.resolve());
  script = opens;
  settings = { precision: 'int4', device: 'gpu' };
  const third = loader.reload(() => Promise.resolve());
  await Promise.all([first, second, third]);
  expect(states().filter((state) => state === 'ready')).toHaveLength(1);
  expect(states()).not.toContain('failed');
  expect(loadInputs().flat()).toMatchObject([{ precision: 'auto' }, { precision: 'int4', device: 'gpu' }]);
});

test('a crash while it is loaded loads it again by itself', async () => {
  await loader.load();
  spawned[0]!.exit(134);
  await vi.waitFor(() => expect(spawned).toHaveLength(2));
  expect(await loader.whenReady()).toMatchObject({ name: 'Test model' });
  expect(states()).toEqual(['unloaded', ...['loading', 'loading', 'ready'], ...['loading', 'loading', 'ready']]);
});

test('a process that dies at every load is tried four times, then waits for the user', async () => {
  script = dies;
  await loader.load();
  expect(spawned).toHaveLength(4);
  expect(seen.at(-1)).toMatchObject({ state: 'failed', error: { code: 'worker.unavailable' } });
  script = opens;
  await loader.load();
  expect(states().at(-1)).toBe('ready');
});

test('who needs the model waits for the load; before any load there is none to wait for', async () => {
  await expect(loader.whenReady()).rejects.toMatchObject({ code: 'model.notLoaded' });
  const loading = loader.load();
  expect(await loader.whenReady()).toMatchObject({ precision: 'int4' });
  await loading;
});

test('what a conversation takes is known anew after each answer', async () => {
  await loader.load();
  loader.setConversationBytes(4096);
  expect(seen.at(-1)).toMatchObject({ state: 'ready', model: { memory: { conversationBytes: 4096 } } });
});
