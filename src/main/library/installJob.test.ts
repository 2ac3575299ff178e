import { expect, test, vi } from 'vitest';
import { AppError } from '../../shared/appError';
import { ScriptedWorker } from '../inference/scriptedWorker.test-support';
import { WorkerHost } from '../inference/workerHost';
import { InstallJob, type JobRun } from './installJob';

const offline = new AppError('download.offline', { host: 'example.org', reason: 'test' });
const reportBug = (bug: unknown) => expect.unreachable(String(bug));

/** A job whose waits never end by themselves, and whose tries fail until `comesBack`. */
function jobWithoutNetwork() {
  let isBack = false;
  const run = vi.fn<(run: JobRun) => Promise<void>>(() => (isBack ? Promise.resolve() : Promise.reject(offline)));
  const onDone = vi.fn(() => Promise.resolve());
  const job = new InstallJob({
    first: { stage: 'connecting', precision: 'nf4', device: 'gpu', keepsOriginals: false },
    ...{ run, onDone, onChange: () => undefined, onOrder: () => Promise.resolve(), reportBug },
    newHost: () => new WorkerHost({ spawn: () => new ScriptedWorker({}), reportBug }),
    clock: {
      nowMs: () => 0,
      wait: (_ms, signal) =>
        new Promise((_resolve, reject) =>
          signal?.addEventListener('abort', () => reject(signal.reason as Error), { once: true }),
        ),
    },
  });
  const isWaiting = () => vi.waitFor(() => expect(job.state.pause).toBe('offline'));
  return { job, run, onDone, isWaiting, comesBack: () => (isBack = true) };
}

test('told to go on while it waits for the network, it tries at once', async () => {
  const { job, run, onDone, isWaiting, comesBack } = jobWithoutNetwork();
  job.start();
  await isWaiting();
  job.start();
  await vi.waitFor(() => expect(run).toHaveBeenCalledTimes(2));
  await isWaiting(); // in vain, and it waits again
  comesBack();
  job.start();
  await vi.waitFor(() => expect(onDone).toHaveBeenCalledOnce());
  expect(run).toHaveBeenCalledTimes(3);
});

test('told to go on while it runs, it runs once', async () => {
  const { job, run, onDone, comesBack } = jobWithoutNetwork();
  comesBack();
  job.start();
  job.start();
  await vi.waitFor(() => expect(onDone).toHaveBeenCalledOnce());
  expect(run).toHaveBeenCalledOnce();
});

test('while it has trouble it tells no speed, which is that of the time before', async () => {
  const progress = { doneBytes: 5, totalBytes: 9, bytesPerSecond: 1_000, secondsLeft: 4, source: null };
  const seen: (number | null)[][] = [];
  const { job, run } = jobWithoutNetwork();
  run.mockImplementation(({ report }: JobRun) => {
    for (const trouble of [null, offline, null]) {
      report.download({ ...progress, trouble });
      seen.push([job.state.bytesPerSecond, job.state.secondsLeft]);
    }
    return Promise.resolve();
  });
  job.start();
  await vi.waitFor(() =>
    expect(seen).toEqual([
      [1_000, 4],
      [null, null],
      [1_000, 4],
    ]),
  );
});
