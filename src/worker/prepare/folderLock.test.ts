import { spawnSync } from 'node:child_process';
import { mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { lockFolder } from './folderLock';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'deskmate-lock-'));
  onTestFinished(() => rm(folder, { recursive: true }));
});

/** The number of a process that has ended. */
const deadPid = (): number => spawnSync(process.execPath, ['--version']).pid;

test('of many who find the lock of a dead process, one works at a time, and all get their turn', async () => {
  await writeFile(path.join(folder, `lock-${deadPid()}-0000000000000000`), '');
  let working = 0;
  let most = 0;
  let turns = 0;
  const takeTurn = async () => {
    const unlock = await lockFolder(folder);
    most = Math.max(most, ++working);
    for (let i = 0; i < 20; i++) await setImmediate(); // the others try meanwhile
    working--;
    turns++;
    await unlock();
  };
  await Promise.all(Array.from({ length: 8 }, takeTurn));
  expect({ most, turns }).toEqual({ most: 1, turns: 8 });
  expect(await readdir(folder)).toEqual([]);
});

test('a living lock keeps others out until it is released', async () => {
  const unlock = await lockFolder(folder);
  let isIn = false;
  const second = lockFolder(folder).then((release) => {
    isIn = true;
    return release();
  });
  for (let i = 0; i < 50; i++) await setImmediate();
  expect(isIn).toBe(false);
  await unlock();
  await second;
  expect(isIn).toBe(true);
});

test('a lock without a heartbeat does not count, whoever has its number now', async () => {
  const old = path.join(folder, `lock-${process.pid}-0000000000000000`);
  await writeFile(old, '');
  const longAgo = new Date(Date.now() - 60_000);
  await utimes(old, longAgo, longAgo);
  const unlock = await lockFolder(folder);
  expect(await readdir(folder)).toHaveLength(1);
  await unlock();
});

test('who stops waiting leaves nothing behind', async () => {
  const unlock = await lockFolder(folder);
  const abort = new AbortController();
  const waiting = lockFolder(folder, abort.signal);
  await setImmediate();
  abort.abort();
  await expect(waiting).rejects.toMatchObject({ name: 'AbortError' });
  await unlock();
  expect(await readdir(folder)).toEqual([]);
});
