import { existsSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { AppError } from '../../shared/appError';
import { Database, sql } from './connection';
import { migrate, migrations, newestVersion, storeVersion } from './migrate';

/**
 * Opens the store, creating it on the first start and migrating an older one after copying it aside.
 * A file that cannot be read (`store.unreadable`) or is newer than we know (`store.newerVersion`) is left as it was:
 * the app must say so, never begin an empty store beside it.
 */
export async function openStore(file: string, list = migrations): Promise<Database> {
  if (!existsSync(file)) await createStore(file, list);
  const version = await readVersion(file);
  if (version > newestVersion(list)) {
    throw new AppError('store.newerVersion', { found: version, known: newestVersion(list) });
  }
  const db = await Database.open(file, 'write');
  try {
    await configure(db);
    if (version < newestVersion(list)) {
      await copyAside(db, `${file}.v${version}.bak`);
      await migrate(db, list);
    }
    return db;
  } catch (error) {
    await db.close();
    throw error;
  }
}

/** Made beside and renamed, so a store exists whole or not at all: an empty file is damage, not a first start. */
async function createStore(file: string, list: typeof migrations): Promise<void> {
  // Without its file, a write-ahead log is all that is left of someone's words; a new store would be overlaid with it.
  if (existsSync(`${file}-wal`)) throw new AppError('store.unreadable', { file });
  const unfinished = `${file}.new`;
  await removeStore(unfinished);
  const db = await Database.open(unfinished, 'create');
  await configure(db);
  await migrate(db, list);
  await db.close(); // folds the write-ahead log into the file
  await rename(unfinished, file);
}

/** Reads without the right to write: not even the write-ahead log of a damaged file may be folded in. */
async function readVersion(file: string): Promise<number> {
  try {
    const db = await Database.open(file, 'read');
    try {
      const problems = await db.all<{ quick_check: string }>(sql`PRAGMA quick_check(1)`);
      const version = await storeVersion(db);
      if (problems[0]?.quick_check === 'ok' && version > 0) return version;
      throw new Error(`quick_check: ${problems[0]?.quick_check ?? 'silent'}; user_version: ${version}`);
    } finally {
      await db.close();
    }
  } catch (error) {
    throw new AppError('store.unreadable', { file }, { cause: error });
  }
}

/**
 * Write-ahead log: readers and the writer do not wait for each other, and a killed process loses nothing committed.
 * FULL syncs each commit: answers are stored four times a second at most, so a power cut costs one batch at no felt price.
 */
async function configure(db: Database): Promise<void> {
  await db.all(sql`PRAGMA journal_mode = WAL`);
  await db.exec('PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA busy_timeout = 5000');
}

/** A consistent copy, write-ahead log included; renamed when whole, so an earlier half copy is never mistaken for one. */
async function copyAside(db: Database, copy: string): Promise<void> {
  const unfinished = `${copy}.new`;
  await rm(unfinished, { force: true });
  await db.run(sql`VACUUM INTO ${unfinished}`);
  await rename(unfinished, copy);
}

async function removeStore(file: string): Promise<void> {
  for (const part of ['', '-wal', '-shm']) await rm(`${file}${part}`, { force: true });
}
