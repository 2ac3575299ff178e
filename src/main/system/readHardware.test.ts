import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmdirSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
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
  const reading = readHardware(host, tmpdir());
  await vi.waitFor(() => expect(spawned[0]?.received).toHaveLength(1));
  await host.end();
  expect(await reading).toMatchObject({ gpus: hardware.gpus, cpu: hardware.cpu });
  expect(spawned).toHaveLength(2);
  await host.end();
});

test('any other failure is told', async () => {
  const host = { request: () => Promise.reject(new Error('broken')) };
  await expect(readHardware(host, tmpdir())).rejects.toThrow('broken');
});

test('the disk is the one that models are kept on, also before their folder is made', async ({ skip }) => {
  const disk = mkdtempSync(join(tmpdir(), 'deskmate-disk-'));
  onTestFinished(() => rmdirSync(disk));
  const { status } = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=3m', 'tmpfs', disk]);
  if (status !== 0) skip('only root on Linux can make a disk of its own');
  onTestFinished(() => void spawnSync('umount', ['-l', disk]));
  const host = { request: () => Promise.resolve({ ...hardware, disk: { folder: homedir(), total: 1, free: 1 } }) };
  const folder = join(disk, 'models', 'not-made-yet');
  const found = await readHardware(host as unknown as Parameters<typeof readHardware>[0], folder); // answers one question
  expect(found.disk).toEqual({ folder, total: 3 << 20, free: 3 << 20 });
});
