import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { makeFolders } from './makeFolders';

async function temporaryFolder(): Promise<string> {
  const root = await mkdtemp(path.join(os.tmpdir(), 'deskmate-folders-'));
  onTestFinished(() => rm(root, { recursive: true }));
  return root;
}

test('folders are made as deep as they lie, also twice and at once', async () => {
  const folder = path.join(await temporaryFolder(), 'a', 'b', 'c');
  await Promise.all([makeFolders(folder), makeFolders(folder)]);
  await makeFolders(folder);
  expect((await stat(folder)).isDirectory()).toBe(true);
});

test('a file in the way is told', async () => {
  const file = path.join(await temporaryFolder(), 'file');
  await writeFile(file, '');
  await expect(makeFolders(file)).rejects.toMatchObject({ code: 'EEXIST' });
  await expect(makeFolders(path.join(file, 'a', 'b'))).rejects.toMatchObject({ code: 'ENOTDIR' });
});

test.runIf(process.platform === 'linux')('where no folders can be made, that is told at once', async () => {
  await expect(makeFolders('/proc/deskmate')).rejects.toMatchObject({ code: 'ENOENT' });
  await expect(makeFolders('/proc/deskmate/nf4/cpu')).rejects.toMatchObject({ code: 'ENOENT' });
});
