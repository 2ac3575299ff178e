import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { killProcess } from './killProcess';
import { WorkerHost } from './workerHost';
import type { WorkerProcess } from './workerProcess';

/** A worker that answers `generate` with a step that blocks its thread, as a native call does, and `load` never. */
const program = `
  process.on('message', (frame) => {
    if (frame.kind === 'shutdown') process.exit(0);
    if (frame.method === 'hardware') process.send({ kind: 'result', id: frame.id, output: {
      gpus: [], ram: { total: 2, free: 1 }, disk: null, cpu: { name: 'child', cores: 1 },
      probes: [] } });
    if (frame.method === 'generate') Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
  });
  process.send({ kind: 'ready', protocolVersion: 1 });
`;

let folder: string;
let children: ChildProcess[];
let host: WorkerHost;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'deskmate-worker-'));
  writeFileSync(join(folder, 'worker.cjs'), program);
  children = [];
  host = new WorkerHost({ spawn: forkWorker, reportBug: (bug) => expect.unreachable(String(bug)) });
});
afterEach(async () => {
  await host.end();
  await rm(folder, { recursive: true });
});

function forkWorker(): WorkerProcess {
  const child = fork(join(folder, 'worker.cjs'), { execArgv: [] });
  children.push(child);
  return {
    post: (frame) => child.send(frame),
    onFrame: (listener) => void child.on('message', listener),
    onExit: (listener) =>
      void child.on('exit', (code, signal) => listener(code ?? 128 + constants.signals[signal ?? 'SIGKILL'])),
    kill: () => killProcess(child.pid),
  };
}

const load = () =>
  host.request('load', {
    ...{ modelFolder: '', preparedFolder: '', fingerprint: null },
    ...{ precision: 'auto', device: 'auto', forms: null, proof: null, measurements: [] },
  });

test('a process killed in the middle of a request is noticed, and the next request has a new one', async () => {
  const crashed = vi.fn();
  host.onCrash(crashed);
  const loading = load();
  await vi.waitFor(() => expect(children[0]?.connected).toBe(true));
  setTimeout(() => children[0]!.kill('SIGKILL'), 50);
  await expect(loading).rejects.toMatchObject({ code: 'worker.crashed', params: { exitCode: 137 } });
  expect(crashed).toHaveBeenCalledOnce();
  expect((await host.request('hardware', {})).cpu.name).toBe('child');
  expect(children).toHaveLength(2);
});

test('a process stuck in native code is killed after a second when it is to end', async () => {
  await host.request('hardware', {});
  const stuck = host.request('generate', { turns: [{ role: 'user', content: 'hi' }], sampling: {} });
  stuck.catch(() => undefined);
  await new Promise((resolve) => setTimeout(resolve, 50));
  const startedMs = performance.now();
  await host.end();
  expect(performance.now() - startedMs).toBeGreaterThan(900);
  expect(children[0]!.signalCode).toBe('SIGKILL');
  await expect(stuck).rejects.toMatchObject({ code: 'worker.ended' });
});

test('a process that was stopped from outside is killed too; killing one that is gone does nothing', async () => {
  await host.request('hardware', {});
  children[0]!.kill('SIGSTOP');
  await host.end();
  expect(children[0]!.signalCode).toBe('SIGKILL');
  killProcess(children[0]!.pid);
  killProcess(undefined);
});
