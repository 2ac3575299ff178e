import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Database, sql } from './connection';
import type { Migration } from './migration';
import { migrations, storeVersion } from './migrate';
import { openStore } from './openStore';

let folder: string;
let file: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'deskmate-store-'));
  file = join(folder, 'conversations.db');
});
afterEach(() => rm(folder, { recursive: true }));

const hash = () => createHash('sha256').update(readFileSync(file)).digest('hex');
const addNote: Migration = { version: 9_000, up: (tx) => tx.exec('ALTER TABLE conversations ADD COLUMN note TEXT') };
const failing: Migration = {
  version: 9_010,
  up: async (tx) => {
    await tx.exec('CREATE TABLE half (a INTEGER) STRICT');
    throw new Error('stopped halfway');
  },
};

async function storeWithRow(title: string): Promise<void> {
  const db = await openStore(file);
  await db.run(sql`INSERT INTO conversations (title, created_at_ms, updated_at_ms) VALUES (${title}, 1, 1)`);
  await db.close();
}
const titles = (db: Database) => db.all(sql`SELECT title FROM conversations`);

test('a first start makes the store; the next one finds what was written', async () => {
  await storeWithRow('晚饭');
  expect(readdirSync(folder)).toEqual(['conversations.db']);
  const db = await openStore(file);
  expect(await titles(db)).toEqual([{ title: '晚饭' }]);
  await db.close();
});

test('the connection keeps its promises: write-ahead log, a sync each commit, foreign keys', async () => {
  const db = await openStore(file);
  expect(await db.all(sql`PRAGMA journal_mode`)).toEqual([{ journal_mode: 'wal' }]);
  expect(await db.all(sql`PRAGMA synchronous`)).toEqual([{ synchronous: 2 }]);
  expect(await db.all(sql`PRAGMA foreign_keys`)).toEqual([{ foreign_keys: 1 }]);
  await db.close();
});

test('an older store is copied aside, then migrated', async () => {
  await storeWithRow('before');
  const db = await openStore(file, [...migrations, addNote]);
  expect(await storeVersion(db)).toBe(9_000);
  expect(await db.all(sql`SELECT title, note FROM conversations`)).toEqual([{ title: 'before', note: null }]);
  await db.close();
  const copy = await Database.open(`${file}.v${migrations.at(-1)!.version}.bak`, 'read');
  expect(await titles(copy)).toEqual([{ title: 'before' }]);
  expect(await storeVersion(copy)).toBe(migrations.at(-1)!.version);
  await copy.close();
});

test('a migration that fails leaves the steps before it and nothing of its own', async () => {
  await storeWithRow('kept');
  await expect(openStore(file, [...migrations, addNote, failing])).rejects.toThrow('stopped halfway');
  const db = await openStore(file, [...migrations, addNote]);
  expect(await db.all(sql`SELECT name FROM sqlite_master WHERE name = 'half'`)).toEqual([]);
  expect(await titles(db)).toEqual([{ title: 'kept' }]);
  await db.close();
});

test('a store of a newer app is refused and left as it was', async () => {
  await storeWithRow('from the future');
  await (await openStore(file, [...migrations, addNote])).close();
  const before = hash();
  await expect(openStore(file)).rejects.toMatchObject({
    code: 'store.newerVersion',
    params: { found: 9_000, known: migrations.at(-1)!.version },
  });
  expect(hash()).toBe(before);
});

test('refused, not even the write-ahead log of a killed app is folded in', async () => {
  const db = await openStore(file, [...migrations, addNote]);
  await db.run(sql`INSERT INTO conversations (title, created_at_ms, updated_at_ms) VALUES ('in the log', 1, 1)`);
  const killed = join(folder, 'killed.db');
  for (const part of ['', '-wal']) copyFileSync(`${file}${part}`, `${killed}${part}`);
  await db.close();
  const before = ['', '-wal'].map((part) => readFileSync(`${killed}${part}`).toString('base64'));
  await expect(openStore(killed)).rejects.toMatchObject({ code: 'store.newerVersion' });
  expect(['', '-wal'].map((part) => readFileSync(`${killed}${part}`).toString('base64'))).toEqual(before);
  const again = await openStore(killed, [...migrations, addNote]);
  expect(await titles(again)).toEqual([{ title: 'in the log' }]);
  await again.close();
});

test.each<[string, () => void]>([
  ['no database at all', () => writeFileSync(file, 'not a database, but perhaps all a user has left')],
  ['empty', () => writeFileSync(file, '')],
  ['cut off', () => truncateSync(file, 12_288)],
  ['overwritten in the middle', () => writeFileSync(file, damaged(readFileSync(file)))],
])('a file that is %s is refused and left as it was', async (_name, damage) => {
  await storeWithRow('x'.repeat(50_000));
  damage();
  const before = hash();
  await expect(openStore(file)).rejects.toMatchObject({ code: 'store.unreadable', params: { file } });
  expect(hash()).toBe(before);
  expect(readdirSync(folder).filter((name) => /\.(bak|new)$/.test(name))).toEqual([]);
});

test('a write-ahead log without its file is not overlaid with a new store', async () => {
  writeFileSync(`${file}-wal`, 'somebody’s words');
  await expect(openStore(file)).rejects.toMatchObject({ code: 'store.unreadable' });
  expect(existsSync(file)).toBe(false);
});

/** Scribbles over the second page, where the schema's first table begins. */
function damaged(bytes: Buffer): Buffer {
  return bytes.fill(0xa5, 4_096, 8_192);
}
