import { readFileSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rm, rmdir, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Log } from './log';

let folder: string;
let file: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'deskmate-log-'));
  file = join(folder, 'logs', 'deskmate.log');
});
afterEach(() => rm(folder, { recursive: true }));
const createLog = () => new Log(file, () => new Date('2026-01-02T03:04:05.678Z'));

test('each entry is dated; further lines are indented', () => {
  const log = createLog();
  log.info('started');
  log.worker('one\ntwo\n');
  expect(readFileSync(file, 'utf8')).toBe(
    '2026-01-02T03:04:05.678Z info started\n2026-01-02T03:04:05.678Z worker one\n    two\n',
  );
});

test('an error is logged whole, with what caused it', () => {
  createLog().bug(new Error('outer', { cause: new Error('inner') }));
  expect(readFileSync(file, 'utf8')).toMatch(/outer[\s\S]*log\.test\.ts[\s\S]*inner/);
});

test('the file never grows beyond a megabyte, over restarts too; the one before it is kept', async () => {
  for (let start = 0; start < 3; start++) {
    const log = createLog();
    for (let entry = 0; entry < 10; entry++) log.info('x'.repeat(99_000));
  }
  expect((await readdir(join(folder, 'logs'))).sort()).toEqual(['deskmate.log', 'deskmate.log.1']);
  expect((await stat(file)).size).toBeLessThanOrEqual(1_000_000);
  expect((await stat(`${file}.1`)).size).toBeLessThanOrEqual(1_000_000);
});

test('a line that cannot be written is dropped and told once, never thrown; later lines are written again', async () => {
  const told: string[] = [];
  const log = new Log(file, undefined, (message) => told.push(message));
  await mkdir(file, { recursive: true }); // a folder where the file should be refuses every write
  log.info('lost');
  log.info('lost too');
  expect(told).toEqual([expect.stringMatching(/cannot be written[\s\S]*lost\n$/)]);
  await rmdir(file);
  log.info('written');
  expect(readFileSync(file, 'utf8')).toMatch(/info written\n$/);
});
