import { conversations } from './migrations/0010-conversations';
import { provenance } from './migrations/0020-provenance';
import { whoWrote } from './migrations/0030-who-wrote';
import type { Database, Statements } from './connection';
import { sql } from './connection';
import type { Migration } from './migration';

/** In order; versions go up in tens. */
export const migrations: readonly Migration[] = [conversations, provenance, whoWrote];

export const newestVersion = (list: readonly Migration[]): number => list.at(-1)?.version ?? 0;

/** Brings the schema up to the end of `list`, each step in a transaction of its own. */
export async function migrate(db: Database, list: readonly Migration[] = migrations): Promise<void> {
  const found = await storeVersion(db);
  for (const migration of list.filter(({ version }) => version > found)) {
    await db.transaction(async (tx) => {
      await migration.up(tx);
      await tx.exec(`PRAGMA user_version = ${migration.version}`); // a PRAGMA takes no parameters
    });
  }
}

/** The version of the last migration that ran on this file; 0: none. */
export async function storeVersion(db: Statements): Promise<number> {
  const [row] = await db.all<{ user_version: number }>(sql`PRAGMA user_version`);
  return row!.user_version;
}
