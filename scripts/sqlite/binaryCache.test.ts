import { existsSync } from 'node:fs';
import { appendFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { restoreBinary, storeBinary } from './binaryCache';

let folder: string;
const target = (): string => path.join(folder, 'clone', 'build', 'node_sqlite3.node');

beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'deskmate-binary-test-'));
  await writeFile(path.join(folder, 'compiled.node'), 'machine code');
});
afterEach(() => rm(folder, { recursive: true }));

test('what one clone compiled, the next one gets', async () => {
  storeBinary(path.join(folder, 'compiled.node'), path.join(folder, 'cache'));
  expect(restoreBinary(path.join(folder, 'cache'), target())).toBe(true);
  expect(await readFile(target(), 'utf8')).toBe('machine code');
});

test('an empty cache gives nothing', () => {
  expect(restoreBinary(path.join(folder, 'cache'), target())).toBe(false);
});

test('a cached file that changed since it was stored is not used', async () => {
  storeBinary(path.join(folder, 'compiled.node'), path.join(folder, 'cache'));
  await appendFile(path.join(folder, 'cache', 'node_sqlite3.node'), '!');
  expect(restoreBinary(path.join(folder, 'cache'), target())).toBe(false);
  expect(existsSync(target())).toBe(false);
});
