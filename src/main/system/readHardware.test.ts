import { expect, test, vi } from 'vitest';
import { hardware } from '../inference/frames.test-support';
import { ScriptedWorker } from '../inference/scriptedWorker.test-support';
import { WorkerHost } from '../inference/workerHost';
import { readHardware } from './readHardware';

test('a process that is ended on purpose while it is asked is followed by the next', async () => {
  const spawned: ScriptedWorker[] = [];
  const host = new WorkerHost({
    spawn: () => {
      const isFirst = spawned.length === 0;
      const worker = new ScriptedWorker({
        hardware: ({ id }, self) => (isFirst ? undefined : self.send({ kind: 'result', id, output: hardware })),
      });
      spawned.push(worker);
      return worker;
    },
    reportBug: (bug) => expect.unreachable(String(bug)),
  });
  const reading = readHardware(host);
  await vi.waitFor(() => expect(spawned[0]?.received).toHaveLength(1));
  await host.end();
  expect(await reading).toEqual(hardware);
  expect(spawned).toHaveLength(2);
  await host.end();
});

test('any other failure is told', async () => {
  const host = { request: () => Promise.reject(new Error('broken')) };
  await expect(readHardware(host)).rejects.toThrow('broken');
});
