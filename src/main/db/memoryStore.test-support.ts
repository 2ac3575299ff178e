import { Database } from './connection';
import { migrate } from './migrate';

/** An empty store in memory, made by the production migrations. */
export async function memoryStore(): Promise<Database> {
  const db = await Database.open(':memory:', 'create');
  await db.exec('PRAGMA foreign_keys = ON');
  await migrate(db);
  return db;
}
