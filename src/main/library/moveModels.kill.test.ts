import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { diskAt } from './library.test-support';
import { claim } from './modelsFolder';

const program = join(import.meta.dirname, 'killedMove.test-support.ts');

/** Resolves with the signal that ended it, if one did. */
const runUntil = (step: string, args: readonly string[]): Promise<string | null> =>
  new Promise((resolve) => {
    const child = spawn(process.execPath, ['--import', 'tsx', program, step, ...args], { stdio: 'inherit' });
    child.on('exit', (_code, signal) => resolve(signal));
  });

const filesIn = (folder: string): string[] =>
  !existsSync(folder)
    ? []
    : readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
        .sort();

test('a move to another disk that is killed again and again loses nothing, leaves nothing, and comes to its end', async ({
  skip,
}) => {
  const base = mkdtempSync(join(tmpdir(), 'deskmate-killed-move-'));
  onTestFinished(() => rmSync(base, { recursive: true }));
  const [from, disk, settings] = [join(base, 'old'), join(base, 'disk'), join(base, 'settings')];
  const to = join(disk, 'models');
  if (!diskAt(disk, 100_000)) skip('only root on Linux can make a disk of its own');
  const models = new Map(Array.from({ length: 6 }, (_, number) => [`${number}.bin`, randomBytes(4_000_000)]));
  await claim(from);
  mkdirSync(join(from, 'demo'));
  for (const [name, bytes] of models) writeFileSync(join(from, 'demo', name), bytes);
  writeFileSync(settings, from);
  const isWhole = () =>
    [...models].every(([name, bytes]) =>
      readFileSync(join(readFileSync(settings, 'utf8'), 'demo', name)).equals(bytes),
    );

  const steps = ['announced', 'brought 4', 'brought 38', 'brought 71', 'brought 96', 'copied', 'stored'];
  for (const [at, step] of steps.entries()) {
    expect(await runUntil(step, at === 0 ? [settings, to] : [settings]), step).toBe('SIGKILL');
    expect(isWhole()).toBe(true);
  }
  expect(await runUntil('', [settings])).toBeNull();
  expect(isWhole()).toBe(true);
  expect(readFileSync(settings, 'utf8')).toBe(to);
  expect(filesIn(to)).toEqual([...[...models.keys()].map((name) => join('demo', name)), 'deskmate-models.json']);
  expect(existsSync(from)).toBe(false);
});
