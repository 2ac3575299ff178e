import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { markOf } from '../../shared/processMark';
import { lockFile } from './fileLock';
import { thisSystem } from './thisSystem';

async function lockPath(): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'deskmate-lock-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return path.join(folder, 'lock');
}

const ours = markOf(process.pid, thisSystem);

test('a lock is held once, and free again afterwards', async () => {
  const file = await lockPath();
  const unlock = await lockFile(file);
  expect(readFileSync(file, 'utf8')).toBe(ours);
  expect(await lockFile(file)).toBeNull();
  await unlock!();
  expect(existsSync(file)).toBe(false);
});

test('a lock that nobody renews is held, as long as its process lives', async ({ skip }) => {
  if (process.platform !== 'linux') return skip('nothing else tells when a process was started');
  const file = await lockPath();
  await writeFile(file, ours);
  await utimes(file, 1, 1); // the computer slept
  expect(await lockFile(file)).toBeNull();
});

test.each([
  ['has died', ours.replace(String(process.pid), String(spawnSync(process.execPath, ['--version']).pid))],
  ['has died, and whose number another has now', ours.replace(ours.split('-')[1]!, '1')],
  ['died before it wrote its mark', ''],
])('the lock of a process that %s does not count', async (_how, mark) => {
  const file = await lockPath();
  await writeFile(file, mark);
  const unlock = await lockFile(file);
  expect(unlock).not.toBeNull();
  await unlock!();
});

test('a lock from elsewhere is held while someone renews it', async () => {
  const file = await lockPath();
  await writeFile(file, `${process.pid}-5000-elsewhere`);
  const beat = setInterval(() => void utimes(file, new Date(), new Date()), 200);
  expect(await lockFile(file)).toBeNull();
  clearInterval(beat);
});

test('a lock from elsewhere that nobody renews is taken over, whatever time it says', async () => {
  const file = await lockPath();
  await writeFile(file, `${process.pid}-5000-elsewhere`);
  await utimes(file, new Date(), new Date(Date.now() + 3_600_000)); // its clock is ahead
  const startMs = performance.now();
  const unlock = await lockFile(file);
  expect(performance.now() - startMs).toBeGreaterThan(9_000);
  await unlock!();
});
