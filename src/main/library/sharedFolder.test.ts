import { existsSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { markOf } from '../../shared/processMark';
import { thisSystem } from '../app/thisSystem';
import { anInstall, installed, modelIn, setUp, stateOf, tiny } from './library.test-support';
import type { ModelLibrary } from './modelLibrary';

const problemOf = (library: ModelLibrary) => stateOf(library).problem;

test('of two that use one folder the second says so, uses what is there, and changes nothing until the first has gone', async () => {
  const { base, start, models, pick } = await setUp();
  const first = await start();
  await first.install(anInstall);
  await installed(first);
  const second = await start();
  const inUse = { code: 'library.folderInUse', params: { folder: models } };
  expect([problemOf(first), problemOf(second)]).toEqual([null, inUse]);
  expect(modelIn(second).installed).toMatchObject({ problem: null });
  await second.choose(tiny.id);
  expect(second.chosen()).toMatchObject({ model: { modelId: tiny.id }, insteadOf: null });
  pick(join(base, 'elsewhere'));
  for (const change of [
    () => second.install({ ...anInstall, precision: 'int8' }),
    () => second.repair(tiny.id),
    () => second.remove(tiny.id),
    () => second.moveFolder(),
    () => second.importFolder(false),
  ])
    await expect(change()).rejects.toMatchObject(inUse);
  await first.close();
  await second.install({ ...anInstall, precision: 'int8' });
  expect((await installed(second)).prepared).toHaveLength(2);
  expect(problemOf(second)).toBeNull();
});

test('what the first is fetching is left to it', async () => {
  const { start, hub } = await setUp();
  hub.faults.add({ path: 'model-00002-of-00002.safetensors', fault: { kind: 'stall', afterBytes: 20_000 }, skip: 2 });
  const first = await start();
  await first.install(anInstall);
  const second = await start();
  expect(modelIn(second).installation).toBeNull();
  hub.faults.clear();
  await first.close();
  second.nudge(); // the computer slept meanwhile
  expect(await installed(second)).toMatchObject({ problem: null });
});

test('a folder is left by who goes, and a lock of the dead or of another computer counts only while it is fresh', async () => {
  const { start, models } = await setUp();
  const first = await start();
  await first.install(anInstall);
  await installed(first);
  const lock = join(models, 'deskmate-models.lock');
  expect(readFileSync(lock, 'utf8')).toBe(markOf(process.pid, thisSystem));
  await first.close();
  expect(existsSync(lock)).toBe(false);
  writeFileSync(lock, `${process.pid}-unknown-another`);
  const heartbeat = setInterval(() => utimesSync(lock, new Date(), new Date()), 200);
  const second = await start();
  expect(problemOf(second)).not.toBeNull();
  await second.close();
  clearInterval(heartbeat);
  utimesSync(lock, new Date(Date.now() - 60_000), new Date(Date.now() - 60_000));
  expect(problemOf(await start())).toBeNull();
});
