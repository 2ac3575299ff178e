import { beforeEach, expect, test, vi } from 'vitest';
import type { Hardware } from '../../shared/hardware';
import type { WorkerMethod } from '../../shared/workerProtocol';
import type { Script } from './scriptedWorker.test-support';
import { ScriptedWorker } from './scriptedWorker.test-support';
import { WorkerHost } from './workerHost';

const hardware: Hardware = {
  gpus: [],
  ram: { total: 2, free: 1 },
  disk: null,
  cpu: { name: 'test', cores: 2 },
  probes: [],
};
const answers: Script = ({ id }, worker) => worker.send({ kind: 'result', id, output: hardware });
const dies: Script = (_request, worker) => worker.exit(134);
const hangs: Script = () => undefined;

let spawned: ScriptedWorker[];
let waits: number[];
let bugs: unknown[];
let script: Script;
beforeEach(() => {
  [spawned, waits, bugs, script] = [[], [], [], answers];
});

function createHost(options: { protocolVersion?: number } = {}): WorkerHost {
  const byMethod: Partial<Record<WorkerMethod, Script>> = { hardware: (...all) => script(...all) };
  return new WorkerHost({
    spawn: () => {
      const worker = new ScriptedWorker(byMethod, options.protocolVersion);
      spawned.push(worker);
      return worker;
    },
    reportBug: (bug) => bugs.push(bug),
    wait: (ms) => {
      waits.push(ms);
      return new Promise((resolve) => setTimeout(resolve, ms / 50));
    },
  });
}

test('spawns when first needed, and one process serves all requests', async () => {
  const host = createHost();
  expect(spawned).toHaveLength(0);
  expect(await Promise.all([host.request('hardware', {}), host.request('hardware', {})])).toEqual([hardware, hardware]);
  expect(spawned).toHaveLength(1);
  expect(waits).toEqual([]);
});

test('a crash is announced, then rejects what is pending; nothing is repeated', async () => {
  const host = createHost();
  const order: string[] = [];
  host.onCrash(() => order.push('announced'));
  script = dies;
  const requests = [host.request('hardware', {}), host.request('hardware', {})].map((request) =>
    request.catch((error: unknown) => {
      order.push('rejected');
      return error;
    }),
  );
  expect(await Promise.all(requests)).toMatchObject([
    { code: 'worker.crashed', params: { exitCode: 134 } },
    { code: 'worker.crashed', params: { exitCode: 134 } },
  ]);
  expect(order).toEqual(['announced', 'rejected', 'rejected']);
  expect(spawned).toHaveLength(1);
});

test('each restart waits longer; after the third it stays down until the user retries', async () => {
  const host = createHost();
  script = dies;
  for (let attempt = 1; attempt <= 4; attempt++) {
    await expect(host.request('hardware', {})).rejects.toMatchObject({ code: 'worker.crashed' });
  }
  await expect(host.request('hardware', {})).rejects.toMatchObject({ code: 'worker.unavailable' });
  await expect(host.request('hardware', {})).rejects.toMatchObject({ code: 'worker.unavailable' });
  expect(waits).toEqual([500, 2_000, 8_000]);
  expect(spawned).toHaveLength(4);
  script = answers;
  host.retry();
  expect(await host.request('hardware', {})).toEqual(hardware);
});

test('any terminal frame, even an error, resets the count of failures', async () => {
  const host = createHost();
  for (const next of [dies, dies, refuses, dies, answers]) {
    script = next;
    await host.request('hardware', {}).catch(() => undefined);
  }
  expect(waits).toEqual([500, 2_000, 500]);
});
const refuses: Script = ({ id }, worker) =>
  worker.send({ kind: 'error', id, error: { code: 'model.notLoaded', params: {} } });

test('ending asks first; what was pending is rejected, and the next request has a new process', async () => {
  const host = createHost();
  script = hangs;
  const pending = host.request('hardware', {});
  pending.catch(() => undefined);
  await vi.waitFor(() => expect(spawned[0]?.received).toHaveLength(1));
  const crash = vi.fn();
  host.onCrash(crash);
  await host.end();
  await expect(pending).rejects.toMatchObject({ code: 'worker.ended' });
  expect(spawned[0]!.received.at(-1)).toEqual({ kind: 'shutdown' });
  script = answers;
  expect(await host.request('hardware', {})).toEqual(hardware);
  expect(spawned).toHaveLength(2);
  expect(crash).not.toHaveBeenCalled();
});

test('a process that does not go within a second is killed; the next starts only when it is gone', async () => {
  const host = createHost();
  await host.request('hardware', {});
  const first = spawned[0]!;
  first.ignoresShutdown = true;
  const gone = vi.fn();
  first.onExit(gone);
  const ended = host.end();
  const next = host.request('hardware', {}).then(() => expect(gone).toHaveBeenCalledWith(137));
  await Promise.all([ended, next]);
  expect(waits[0]).toBe(1_000);
  expect(bugs).toEqual([]);
});

test('ending while a restart is awaited spawns nothing', async () => {
  const host = createHost();
  script = dies;
  await expect(host.request('hardware', {})).rejects.toMatchObject({ code: 'worker.crashed' });
  const waiting = host.request('hardware', {});
  waiting.catch(() => undefined);
  await host.end();
  await expect(waiting).rejects.toMatchObject({ code: 'worker.ended' });
  expect(spawned).toHaveLength(1);
});

test('a worker of another protocol version is reported; a frame that is none, too', async () => {
  const host = createHost({ protocolVersion: 999 });
  host.request('hardware', {}).catch(() => undefined);
  await vi.waitFor(() => expect(bugs).toHaveLength(1));
  expect(String(bugs[0])).toContain('999');
  spawned[0]!.send({ kind: 'nonsense' });
  await vi.waitFor(() => expect(bugs).toHaveLength(2));
  await host.end();
});
