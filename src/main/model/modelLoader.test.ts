import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi, type Mock } from 'vitest';
import { AppError } from '../../shared/appError';
import type { GpuProof } from '../../shared/hardware';
import { demoModelId, ModelId } from '../../shared/library';
import type { ModelStatus } from '../../shared/model';
import type { Precision } from '../../shared/precision';
import type { Settings } from '../../shared/settings';
import type { Measurement } from '../../shared/verdict';
import type { WireError } from '../../shared/wireError';
import { gpuProof, openedModel } from '../inference/frames.test-support';
import type { Script } from '../inference/scriptedWorker.test-support';
import { ScriptedWorker } from '../inference/scriptedWorker.test-support';
import { WorkerHost } from '../inference/workerHost';
import { ModelLoader } from './modelLoader';
import { Experience } from './experience';
import type { ChosenModel, ConfiguredModel, Way } from './configuredModel';
import { testModel } from './testModel.test-support';

const model = { modelId: testModel.modelId, name: 'Test model', isDemo: true };

let spawned: ScriptedWorker[];
let seen: ModelStatus[];
let settings: Pick<Settings, 'precision' | 'device'>;
let script: Script;
let loader: ModelLoader;
let chosen: ChosenModel;
let experience: Experience;
let folder: string;
let nowMs: number;
let proof: Mock<() => Promise<GpuProof | null>>;
let driver: Mock<() => Promise<string>>;

const opens: Script = ({ id }, worker) => {
  worker.send({ kind: 'event', id, event: { stage: 'opening', fraction: 0.5 } });
  worker.send({ kind: 'result', id, output: openedModel });
};
const fails: Script = ({ id }, worker) =>
  worker.send({ kind: 'error', id, error: { code: 'session.failed', params: { reason: 'test' } } });
const dies: Script = (_request, worker) => worker.exit(134);
const hangs: Script = () => undefined;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'deskmate-loader-'));
  chosen = { model: testModel, insteadOf: null };
  driver = vi.fn(() => Promise.resolve('driver 1'));
  experience = await Experience.open({ file: join(folder, 'experience.json'), appVersion: '1', driver });
  proof = vi.fn(() => Promise.resolve(null));
  nowMs = 1_000;
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
    ...{ chosen: () => chosen, demo: () => demoModel, experience, proof: () => proof(), nowMs: () => nowMs },
    settings: () => settings,
    reportBug: (bug) => expect.unreachable(String(bug)),
  });
  loader.watch((status) => seen.push(status));
});
afterEach(() => rm(folder, { recursive: true }));
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
        forms: null,
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

test('the GPU is proved before Auto may choose it, and left alone where the user chose', async () => {
  await loader.load();
  expect(proof).not.toHaveBeenCalled();
  settings = { precision: 'auto', device: 'auto' };
  proof.mockResolvedValue(gpuProof);
  await loader.reload(() => Promise.resolve());
  expect(loadInputs().flat()).toMatchObject([{ proof: null }, { proof: gpuProof }]);
});

test('a load that waited for a proof in vain leaves the process to the next', async () => {
  let proved: (proof: GpuProof) => void = () => undefined;
  proof.mockReturnValue(new Promise((resolve) => (proved = resolve)));
  settings = { precision: 'auto', device: 'auto' };
  const stale = loader.load();
  await vi.waitFor(() => expect(proof).toHaveBeenCalled());
  settings = { precision: 'int8', device: 'cpu' };
  await loader.reload(() => Promise.resolve());
  proved(gpuProof);
  await stale;
  expect(loadInputs().flat()).toMatchObject([{ precision: 'int8', device: 'cpu' }]);
  expect(states().at(-1)).toBe('ready');
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

const demoModel: ConfiguredModel = { ...testModel, modelId: demoModelId, name: 'Demo' };
const realModel: ConfiguredModel = { ...testModel, modelId: ModelId.parse('real'), name: 'Real', isDemo: false };

type Load = { modelFolder: string; forms: Way[] | null; measurements: Measurement[] } & Record<
  'precision' | 'device',
  string
>;
const lastLoads = () => loadInputs().flat() as Load[];

/** Says in which way it would run, as the worker does, then fails or not as `outcomes` say, way by way. */
const tries =
  (ways: Way[], outcomes: (WireError | 'dies' | null)[]): Script =>
  ({ id }, worker) => {
    const [way, outcome] = [ways.shift()!, outcomes.shift() ?? null];
    worker.send({ kind: 'event', id, event: { stage: 'starting', fraction: null, way } });
    if (outcome === 'dies') worker.exit(137);
    else if (outcome !== null) worker.send({ kind: 'error', id, error: outcome });
    else worker.send({ kind: 'result', id, output: { ...openedModel, ...way } });
  };
const gpu = (precision: Precision): Way => ({ precision, device: 'gpu' });
const cpu = (precision: Precision): Way => ({ precision, device: 'cpu' });
const failed: WireError = { code: 'session.failed', params: { details: 'test' } };
const noMemory: WireError = { code: 'session.outOfMemory', params: { neededGb: '31.0', freeGb: '8.0' } };

test('what fails on the GPU is stepped down from, to the CPU in the end, and each step says why', async () => {
  settings = { precision: 'bf16', device: 'gpu' };
  script = tries([gpu('bf16'), gpu('int8'), gpu('nf4'), cpu('int4')], [noMemory, 'dies', failed, null]);
  await loader.load();
  expect(await loader.whenReady()).toMatchObject({
    precision: 'int4',
    device: 'cpu',
    steppedDownFrom: [
      { ...gpu('bf16'), error: noMemory },
      { ...gpu('int8'), error: { code: 'worker.crashed', params: { exitCode: 137 } } },
      { ...gpu('nf4'), error: failed },
    ],
  });
  expect(lastLoads().map(({ precision, device, forms }) => [precision, device, forms])).toEqual([
    ['bf16', 'gpu', null],
    ['auto', 'auto', [gpu('int8'), gpu('nf4'), cpu('int8'), cpu('int4')]],
    ['auto', 'auto', [gpu('nf4'), cpu('int8'), cpu('int4')]],
    ['auto', 'auto', [cpu('int8'), cpu('int4')]],
  ]);
  expect(lastLoads().at(-1)!.measurements).toContainEqual({ ...gpu('bf16'), contextLength: 0, peakBytes: null });
});

test('without a usable GPU no other precision is tried on it', async () => {
  const gone: WireError = { code: 'device.gpuUnavailable', params: {} };
  script = tries([gpu('bf16'), cpu('int8')], [gone, null]);
  await loader.load();
  expect(lastLoads()[1]).toMatchObject({ forms: [cpu('int8'), cpu('int4')] });
  expect(await loader.whenReady()).toMatchObject({ steppedDownFrom: [{ error: gone }] });
});

test('where nothing is below, the last failure is told', async () => {
  script = tries([cpu('bf16'), cpu('int8'), cpu('int4')], [noMemory, failed, noMemory]);
  await loader.load();
  expect(seen.at(-1)).toMatchObject({ state: 'failed', error: noMemory });
});

test('the way back forgets what failed, and tries what was wanted; a load that stands is left alone', async () => {
  settings = { precision: 'nf4', device: 'gpu' };
  script = tries([gpu('nf4'), cpu('int4'), gpu('nf4')], [failed, null, null]);
  await loader.load();
  expect(await experience.of(testModel.modelId)).toContainEqual({ ...gpu('nf4'), contextLength: 0, peakBytes: null });
  const stopRunning = vi.fn(() => Promise.resolve());
  await loader.load(stopRunning);
  expect(stopRunning).toHaveBeenCalledOnce();
  expect(lastLoads().at(-1)).toMatchObject({ precision: 'nf4', device: 'gpu', forms: null });
  expect(await loader.whenReady()).toMatchObject({ precision: 'nf4', steppedDownFrom: [] });
  const known = await experience.of(testModel.modelId);
  expect(known.filter(({ peakBytes }) => peakBytes === null)).toEqual([]);
  await loader.load(stopRunning);
  expect(lastLoads()).toHaveLength(3);
});

test('memory that was short is not held against a precision; what it took is remembered', async () => {
  script = tries([cpu('int8'), cpu('int4')], [noMemory, null]);
  await loader.load();
  expect(await experience.of(testModel.modelId)).toEqual([openedModel.measurement]);
});

test('closing waits until what a load has found out is stored', async () => {
  const measurement = { ...gpu('nf4'), contextLength: 256, peakBytes: 3 };
  script = ({ id }, worker) => worker.send({ kind: 'result', id, output: { ...openedModel, measurement } });
  const file = join(folder, 'experience.json');
  let answer: (name: string) => void = () => undefined;
  driver.mockReturnValue(new Promise((resolve) => (answer = resolve)));
  void loader.load();
  await vi.waitFor(() => expect(driver).toHaveBeenCalled());
  const closing = loader.close().then(() => readFile(file, 'utf8'));
  answer('driver 2');
  expect(await closing).toContain('driver 2');
  expect(seen.at(-1)!.state).toBe('loading'); // it came too late for anyone to be told
});

test('of a model without its originals, only what is on the disk is tried', async () => {
  chosen = { model: { ...realModel, forms: [gpu('nf4'), cpu('int4')] }, insteadOf: null };
  script = tries([gpu('nf4'), cpu('int4')], [failed, null]);
  await loader.load();
  expect(lastLoads().map(({ forms }) => forms)).toEqual([[cpu('int4')], [cpu('int4')]]);
});

test('a precision that is not on the disk is replaced by what is, and that is said', async () => {
  chosen = { model: { ...realModel, forms: [gpu('nf4')] }, insteadOf: null };
  settings = { precision: 'bf16', device: 'gpu' };
  script = tries([gpu('nf4')], [null]);
  await loader.load();
  expect(lastLoads()).toMatchObject([{ precision: 'auto', device: 'auto', forms: [gpu('nf4')], measurements: [] }]);
  expect(await loader.whenReady()).toMatchObject({
    steppedDownFrom: [{ ...gpu('bf16'), error: { code: 'model.originalsReleased' } }],
  });
});

test('where the chosen model is broken the demo answers, and says for whom', async () => {
  chosen = { model: { ...realModel, folder: '/models/real' }, insteadOf: null };
  const broken: WireError = { code: 'checkpoint.missingFile', params: { file: 'config.json' } };
  script = ({ id, input }, worker) => {
    const isReal = (input as Load).modelFolder === '/models/real';
    worker.send(isReal ? { kind: 'error', id, error: broken } : { kind: 'result', id, output: openedModel });
  };
  await loader.load();
  expect(await loader.whenReady()).toMatchObject({
    modelId: demoModelId,
    isDemo: true,
    insteadOf: { model: { modelId: 'real', name: 'Real', isDemo: false }, error: broken },
  });
});

const crash = async (): Promise<void> => {
  const { length } = seen;
  spawned.at(-1)!.exit(137);
  await vi.waitFor(() => expect(seen.length).toBeGreaterThan(length));
};

test('the second crash of a loaded model in one way steps down, is remembered, and says how to go back', async () => {
  settings = { precision: 'nf4', device: 'gpu' };
  script = tries([gpu('nf4'), gpu('nf4'), cpu('int8'), cpu('int8')], []);
  await loader.load();
  await crash();
  expect(await loader.whenReady()).toMatchObject({ precision: 'nf4', steppedDownFrom: [] });
  nowMs += 3 * 3_600_000;
  await crash();
  const crashed: WireError = { code: 'worker.crashed', params: { exitCode: 137 } };
  const steppedDownFrom = [{ ...gpu('nf4'), error: crashed }];
  expect(await loader.whenReady()).toMatchObject({ ...cpu('int8'), steppedDownFrom });
  expect(await experience.of(testModel.modelId)).toContainEqual({ ...gpu('nf4'), contextLength: 0, peakBytes: null });
  await crash(); // the lower one has a try of its own, and does not lead back up
  expect(await loader.whenReady()).toMatchObject({ ...cpu('int8'), steppedDownFrom });
  script = opens;
  await loader.load();
  expect(lastLoads().at(-1)).toMatchObject({ precision: 'nf4', device: 'gpu', forms: null });
});

test('a crash long before the user loaded it anew says nothing of it; one just before does', async () => {
  const reload = () => loader.reload(() => Promise.resolve());
  script = tries(Array<Way>(9).fill(cpu('int8')), []);
  await loader.load();
  await crash();
  await loader.whenReady();
  nowMs += 3_600_000;
  await reload();
  await crash();
  expect(await loader.whenReady()).toMatchObject({ steppedDownFrom: [] });
  nowMs += 60_000;
  await reload();
  await crash();
  expect(await loader.whenReady()).toMatchObject({ steppedDownFrom: [{ ...cpu('int8') }] });
});

test('what the engine reports in an answer steps down at once; what is nobody’s fault changes nothing', async () => {
  script = tries([gpu('bf16'), gpu('int8')], []);
  await loader.load();
  loader.answerFailed(new AppError('prompt.tooLong', { tokens: 9, limit: 8 }));
  loader.answerFailed(new Error('a bug'));
  expect(states().at(-1)).toBe('ready');
  loader.answerFailed(new AppError('generation.notFinite'));
  expect(states().at(-1)).toBe('loading'); // at once, so that no answer begins in a process that is about to end
  expect(await loader.whenReady()).toMatchObject({
    ...gpu('int8'),
    steppedDownFrom: [{ ...gpu('bf16'), error: { code: 'generation.notFinite', params: {} } }],
  });
  expect(spawned).toHaveLength(2);
});

test('where nothing is below, a model that keeps dying is not loaded again and again', async () => {
  script = tries(Array<Way>(9).fill(cpu('int4')), []);
  await loader.load();
  await crash();
  await loader.whenReady();
  await crash();
  await expect(loader.whenReady()).rejects.toMatchObject({ code: 'worker.crashed' });
  expect(spawned).toHaveLength(2);
  await loader.load(); // the user's own wish
  expect(await loader.whenReady()).toMatchObject({ precision: 'int4' });
});

test('while loads are held, what runs goes on, and what was wanted meanwhile is loaded afterwards', async () => {
  await loader.load();
  const letGo = await loader.hold();
  settings = { precision: 'int4', device: 'cpu' };
  const stopRunning = vi.fn(() => Promise.resolve());
  const reloading = loader.reload(stopRunning);
  await new Promise((resolve) => setImmediate(resolve));
  expect(states().at(-1)).toBe('ready');
  expect(stopRunning).not.toHaveBeenCalled();
  letGo();
  await reloading;
  expect(loadInputs().map(([input]) => input)).toMatchObject([{ precision: 'auto' }, { precision: 'int4' }]);
});

test('a model that is being opened is waited for, and its crash is made good where it lies afterwards', async () => {
  script = hangs;
  const loading = loader.load();
  await vi.waitFor(() => expect(spawned[0]?.received).toHaveLength(1));
  let isHeld = false;
  const holding = loader.hold().then((letGo) => {
    isHeld = true;
    return letGo;
  });
  await new Promise((resolve) => setImmediate(resolve));
  expect(isHeld).toBe(false);
  script = opens;
  spawned[0]!.exit(134);
  const letGo = await holding;
  await new Promise((resolve) => setTimeout(resolve, 50)); // as long as a restart takes here, and longer
  expect(spawned.flatMap(({ received }) => received)).toHaveLength(1);
  chosen = { model: { ...testModel, folder: '/elsewhere/test' }, insteadOf: null };
  letGo();
  await loading;
  expect(states().at(-1)).toBe('ready');
  expect(loadInputs().at(-1)).toMatchObject([{ modelFolder: '/elsewhere/test' }]);
});
