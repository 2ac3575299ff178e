import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { codeOf, readRegularFile } from './regularFile';

let file: string;
beforeEach(async () => {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'deskmate-file-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  file = path.join(folder, 'file');
});

test('a file is read whole, also through a link', async () => {
  await writeFile(file, '你好');
  await symlink(file, `${file}-link`);
  expect((await readRegularFile(`${file}-link`)).toString('utf8')).toBe('你好');
});

const reasonOf = (reading: Promise<Buffer>): Promise<string> =>
  reading.then(
    () => 'read',
    (error: unknown) => codeOf(error),
  );

test('nothing, and a folder, are what the system calls them', async () => {
  expect(await reasonOf(readRegularFile(file))).toBe('ENOENT');
  expect(await reasonOf(readRegularFile(path.dirname(file)))).toBe('EISDIR');
});

test.skipIf(process.platform === 'win32')('a pipe is not waited for, and a device not read for ever', async () => {
  execFileSync('mkfifo', [file]);
  await symlink('/dev/zero', `${file}-device`);
  expect(await reasonOf(readRegularFile(file))).toBe('no regular file');
  expect(await reasonOf(readRegularFile(`${file}-device`))).toBe('no regular file');
});
