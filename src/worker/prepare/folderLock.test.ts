import { spawnSync } from 'node:child_process';
import { mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { markOf } from '../../shared/processMark';
import { lockFolder } from './folderLock';
import { thisSystem } from './thisSystem';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'deskmate-lock-'));
  onTestFinished(() => rm(folder, { recursive: true }));
});

const random = '0000000000000000';
const lockOf = (pid: number): string => `lock-${markOf(pid, thisSystem)}-${random}`;

/** As a process that has ended had named its lock. */
const deadLock = (): string => {
  const { pid } = spawnSync(process.execPath, ['--version']);
  return lockOf(process.pid).replace(`lock-${process.pid}-`, `lock-${pid}-`);
};

test('of many who find the lock of a dead process, one works at a time, and all get their turn', async () => {
  await writeFile(path.join(folder, deadLock()), '');
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

test('the lock of a dead process does not count, though another has its number now', async ({ skip }) => {
  if (process.platform !== 'linux') return skip('nothing else tells when a process was started');
  const start = lockOf(process.pid).split('-')[2]!;
  await writeFile(path.join(folder, lockOf(process.pid).replace(start, '1')), '');
  const unlock = await lockFolder(folder);
  expect(await readdir(folder)).toHaveLength(1);
  await unlock();
});

test.each(['elsewhere', 'unknown'])('a lock of a process %s counts as long as it has a heartbeat', async (where) => {
  const other = path.join(folder, `lock-${process.pid}-unknown-${where}-${random}`);
  await writeFile(other, '');
  const abort = new AbortController();
  const waiting = lockFolder(folder, abort.signal);
  for (let i = 0; i < 50; i++) await setImmediate();
  expect(await readdir(folder)).toContain(path.basename(other));
  const longAgo = new Date(Date.now() - 60_000);
  await utimes(other, longAgo, longAgo);
  const unlock = await waiting;
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
