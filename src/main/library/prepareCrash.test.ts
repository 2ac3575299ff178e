import { expect, test } from 'vitest';
import { realWorker } from '../inference/realWorker.test-support';
import { WorkerHost } from '../inference/workerHost';
import { anInstall, installed, paused, setUp, when } from './library.test-support';

/** Prepare processes that a test can kill; waits between them are short. */
function killableHosts() {
  const spawned: ReturnType<typeof realWorker>[] = [];
  const newPrepareHost = () =>
    new WorkerHost({
      spawn: () => {
        const worker = realWorker();
        spawned.push(worker);
        return worker;
      },
      reportBug: (bug) => expect.unreachable(String(bug)),
      wait: (ms, signal) =>
        new Promise((resolve, reject) => {
          const timer = setTimeout(resolve, ms === 1_000 ? ms : ms / 100);
          signal?.addEventListener('abort', () => {
            clearTimeout(timer);
            reject(signal.reason as Error);
          });
        }),
    });
  return { spawned, newPrepareHost };
}

test('a prepare process that is killed is started again, and what it had done is not fetched again', async () => {
  const { start, hub } = await setUp();
  const { spawned, newPrepareHost } = killableHosts();
  const library = await start({ newPrepareHost });
  hub.faults.add({
    path: 'model-00002-of-00002.safetensors',
    fault: { kind: 'drip', bytes: 20_000, everyMs: 10 },
    skip: 2,
  });
  await library.install(anInstall);
  await when(library, ({ installation }) => (installation!.preparedBytes > 3_000_000 ? true : null));
  hub.served.splice(0);
  spawned[0]!.kill();
  expect(await installed(library)).toMatchObject({ problem: null });
  expect(spawned.length).toBeGreaterThan(1);
  expect(hub.served.filter(({ path }) => path === 'model-00001-of-00002.safetensors')).toEqual([]);
});

test('one that dies each time is given up, with what happened', async () => {
  const { start } = await setUp();
  const { spawned, newPrepareHost } = killableHosts();
  const library = await start({ newPrepareHost });
  const killer = setInterval(() => spawned.at(-1)?.kill(), 20);
  await library.install(anInstall);
  const end = await paused(library);
  clearInterval(killer);
  expect(end).toMatchObject({ pause: 'failed' });
  expect(['worker.crashed', 'worker.unavailable']).toContain(end.error?.code);
});
