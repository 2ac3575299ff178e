import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';

const program = path.join(import.meta.dirname, 'openTrivialSession.test-support.ts');

// ONNX Runtime keeps what it has not sent yet in the user's cache; there is no such folder where it collects nothing.
test('ONNX Runtime collects nothing for its makers', async () => {
  const home = await mkdtemp(path.join(os.tmpdir(), 'deskmate-home-'));
  onTestFinished(() => rm(home, { recursive: true }));
  // Neither a CI, where it collects nothing either, nor another place for caches.
  const unset = { CI: undefined, ORT_DISABLE_TELEMETRY: undefined, XDG_CACHE_HOME: undefined };
  const env = { ...process.env, ...unset, HOME: home, USERPROFILE: home };
  const { stdout } = await promisify(execFile)(process.execPath, ['--import', 'tsx', program], { env });
  expect(stdout).toBe('opened');
  expect(await readdir(home)).toEqual([]);
});
