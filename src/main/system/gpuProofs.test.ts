import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, expect, onTestFinished, test, vi, type Mock } from 'vitest';
import type { Gpu, GpuProof } from '../../shared/hardware';
import { gpuProof } from '../inference/frames.test-support';
import { ScriptedWorker, type Script } from '../inference/scriptedWorker.test-support';
import { WorkerHost } from '../inference/workerHost';
import { GpuProofs } from './gpuProofs';

let file: string;
let gpus: Pick<Gpu, 'name' | 'driver'>[];
let workers: ScriptedWorker[];
let script: Script;
let versions: { appVersion: string; onnxRuntimeVersion: string };
let startedAtMs: number;
let waits: (() => void)[];
let hardware: Mock<() => Promise<{ gpus: Gpu[] }>>;

beforeEach(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'deskmate-proofs-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  file = join(folder, 'gpu-proofs.json');
  gpus = [{ name: 'RTX 4070', driver: '550.120' }];
  workers = [];
  script = answers;
  versions = { appVersion: '1.0.0', onnxRuntimeVersion: '1.30.0' };
  startedAtMs = 0;
  waits = [];
  hardware = vi.fn(() => Promise.resolve({ gpus: gpus as Gpu[] })); // of the other facts nothing depends
});

const answers: Script = ({ id }, worker) => worker.send({ kind: 'result', id, output: gpuProof });
const unreachable = (bug: unknown) => expect.unreachable(String(bug));

/** As after a start of the app: nothing is known but what the file says. */
const proofs = (reportBug: (bug: unknown) => void = unreachable) =>
  new GpuProofs({
    file,
    createHost: () => new WorkerHost({ spawn, reportBug: unreachable }),
    hardware,
    versions,
    reportBug,
    wait: (_ms, signal) =>
      new Promise((resolve, reject) => {
        waits.push(resolve);
        signal.addEventListener('abort', () => reject(signal.reason as Error));
      }),
    startedAtMs: () => startedAtMs,
  });

function spawn(): ScriptedWorker {
  const worker = new ScriptedWorker({ proveGpu: script });
  workers.push(worker);
  return worker;
}

/** Whether all processes are gone: an exit was asked for, and came. */
const allEnded = () => workers.every((worker) => worker.received.some(({ kind }) => kind === 'shutdown'));

test('what was proved is remembered, also after a start, and its process is gone', async () => {
  expect(await proofs().known()).toBeNull();
  expect(workers).toHaveLength(0);
  expect(await proofs().prove(false)).toEqual(gpuProof);
  expect(await proofs().prove(false)).toEqual(gpuProof);
  expect(await proofs().known()).toEqual(gpuProof);
  expect(workers).toHaveLength(1);
  expect(allEnded()).toBe(true);
});

test('two who ask at once are answered by one process', async () => {
  const shared = proofs();
  await Promise.all([shared.prove(false), shared.prove(true)]);
  expect(workers).toHaveLength(1);
});

test.each<[string, () => void]>([
  ['driver', () => (gpus = [{ name: 'RTX 4070', driver: '560.94' }])],
  ['GPU', () => (gpus = [{ name: 'RTX 4090', driver: '550.120' }])],
  ['second GPU', () => gpus.push({ name: 'Arc A770', driver: null })],
  ['Deskmate', () => (versions = { ...versions, appVersion: '1.1.0' })],
  ['ONNX Runtime', () => (versions = { ...versions, onnxRuntimeVersion: '1.31.0' })],
])('a new %s is proved anew, and the old one is not forgotten', async (_, change) => {
  const before = { gpus: [...gpus], versions };
  await proofs().prove(false);
  change();
  expect(await proofs().known()).toBeNull();
  await proofs().prove(false);
  expect(workers).toHaveLength(2);
  ({ gpus, versions } = before);
  expect(await proofs().known()).toEqual(gpuProof);
});

test('whoever insists gets a new proof, which is the one that counts', async () => {
  await proofs().prove(false);
  script = ({ id }, worker) => worker.send({ kind: 'result', id, output: { ...gpuProof, milliseconds: 77 } });
  expect(await proofs().prove(true)).toMatchObject({ milliseconds: 77 });
  expect(await proofs().known()).toMatchObject({ milliseconds: 77 });
});

test('the computer is looked at once, and again when somebody insists or it failed', async () => {
  hardware.mockRejectedValueOnce(new Error('the worker is gone'));
  const shared = proofs();
  await expect(shared.known()).rejects.toThrow('the worker is gone');
  await shared.prove(false);
  await shared.known();
  expect(hardware).toHaveBeenCalledTimes(2);
  gpus = [{ name: 'RTX 4070', driver: '560.94' }];
  await shared.prove(true);
  expect(hardware).toHaveBeenCalledTimes(3);
  expect(await shared.known()).toEqual(gpuProof);
});

test('a driver that ends the process is not usable, and that is remembered', async () => {
  script = (_request, worker) => worker.exit(139);
  const proof = await proofs().prove(false);
  expect(proof).toMatchObject({
    ...{ isUsable: false, isSoftware: false, largestError: null },
    error: { code: 'device.gpuCrashed', params: { exitCode: 139 } },
  });
  expect(await proofs().prove(false)).toEqual(proof);
  expect(workers).toHaveLength(1);
});

test('a driver that hangs is not usable, and its process is ended', async () => {
  script = () => undefined;
  const proving = proofs().prove(false);
  await vi.waitFor(() => expect(workers[0]?.received).toHaveLength(1));
  waits.forEach((elapse) => elapse());
  expect(await proving).toMatchObject({
    isUsable: false,
    error: { code: 'device.gpuTimedOut', params: { seconds: 60 } },
  });
  expect(allEnded()).toBe(true);
});

test('after a restart of the computer a failure is tried again, and known until then; a success holds', async () => {
  script = (_request, worker) => worker.exit(139);
  await proofs().prove(false);
  startedAtMs = Date.now() + 1;
  expect(await proofs().known()).toMatchObject({ isUsable: false });
  script = answers;
  expect(await proofs().prove(false)).toEqual(gpuProof);
  startedAtMs = Date.now() + 1_000;
  await proofs().prove(false);
  expect(workers).toHaveLength(2);
});

test.each(['', '{', '[]', '[{"identity":{},"proof":{"isUsable":true}}]', 'null'])(
  'a file with %j is proved anew and replaced',
  async (text) => {
    await writeFile(file, text);
    expect(await proofs().known()).toBeNull();
    expect(await proofs().prove(false)).toEqual(gpuProof);
    expect(JSON.parse(await readFile(file, 'utf8'))).toHaveLength(1);
  },
);

test('only some are remembered', async () => {
  for (let i = 0; i < 10; i++) {
    gpus = [{ name: `GPU ${i}`, driver: null }];
    await proofs().prove(false);
  }
  expect(JSON.parse(await readFile(file, 'utf8'))).toHaveLength(8);
  expect(await proofs().known()).toEqual(gpuProof);
});

test('what says nothing of the GPU is told and not remembered', async () => {
  script = ({ id }, worker) => worker.send({ kind: 'error', id, error: { code: 'internal', params: {} } });
  await expect(proofs().prove(false)).rejects.toMatchObject({ code: 'internal' });
  expect(await proofs().known()).toBeNull();
  expect(allEnded()).toBe(true);
});

test('a choice waits for the proof of a GPU that is there, and for none where there is no GPU', async () => {
  expect(await proofs().forChoice()).toEqual(gpuProof);
  expect(await proofs().forChoice()).toEqual(gpuProof);
  expect(workers).toHaveLength(1);
  gpus = [];
  expect(await proofs().forChoice()).toBeNull();
  expect(workers).toHaveLength(1);
  await proofs().prove(false); // a GPU of which no probe has heard
  expect(await proofs().forChoice()).toEqual(gpuProof);
  expect(workers).toHaveLength(2);
});

test('a choice goes on without a proof that cannot be made', async () => {
  script = ({ id }, worker) => worker.send({ kind: 'error', id, error: { code: 'internal', params: {} } });
  const reportBug = vi.fn();
  expect(await proofs(reportBug).forChoice()).toBeNull();
  expect(reportBug).toHaveBeenCalledOnce();
});

test('a file that cannot be written costs no proof', async () => {
  file = join(file, 'no', 'such', 'folder.json');
  const reportBug = vi.fn();
  expect(await proofs(reportBug).prove(false)).toEqual(gpuProof);
  expect(reportBug).toHaveBeenCalledOnce();
});

test('closing ends the proof that runs, and remembers nothing of it', async () => {
  const open = proofs();
  let chosen: Promise<GpuProof | null> = Promise.resolve(null);
  await new Promise<void>((resolve) => {
    script = () => resolve(); // and never answers
    chosen = open.forChoice();
  });
  await open.close();
  expect(await chosen).toBeNull();
  expect(allEnded()).toBe(true);
  expect(await proofs().known()).toBeNull();
  await proofs().close(); // nothing runs
});
