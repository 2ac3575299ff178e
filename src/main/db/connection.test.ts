import { expect, test } from 'vitest';
import { Database, sql } from './connection';

async function counter(): Promise<Database> {
  const db = await Database.open(':memory:', 'create');
  await db.exec('CREATE TABLE counter (n INTEGER NOT NULL) STRICT; INSERT INTO counter VALUES (0)');
  return db;
}
const read = async (db: Database) => (await db.all<{ n: number }>(sql`SELECT n FROM counter`))[0]!.n;

test('a value is a parameter, whatever it contains', async () => {
  const db = await Database.open(':memory:', 'create');
  const text = `'); DROP TABLE t; --?`;
  expect(await db.all(sql`SELECT ${text} AS text, ${null} AS none, ${7} AS seven`)).toEqual([
    { text, none: null, seven: 7 },
  ]);
});

test('transactions run one after the other: read-then-write loses no update', async () => {
  const db = await counter();
  const increment = () =>
    db.transaction(async (tx) => {
      const [row] = await tx.all<{ n: number }>(sql`SELECT n FROM counter`);
      await new Promise((resolve) => setTimeout(resolve, 2));
      await tx.run(sql`UPDATE counter SET n = ${row!.n + 1}`);
    });
  await Promise.all(Array.from({ length: 20 }, increment));
  expect(await read(db)).toBe(20);
});

test('a statement from outside waits for an open transaction and survives its rollback', async () => {
  const db = await counter();
  const failing = db.transaction(async (tx) => {
    await tx.run(sql`UPDATE counter SET n = 100`);
    await new Promise((resolve) => setTimeout(resolve, 5));
    throw new Error('no');
  });
  const outside = db.run(sql`UPDATE counter SET n = n + 1`);
  await expect(failing).rejects.toThrow('no');
  expect(await outside).toMatchObject({ changes: 1 });
  expect(await read(db)).toBe(1);
});

test('the queue goes on after a failure', async () => {
  const db = await counter();
  await expect(db.run(sql`NONSENSE`)).rejects.toThrow('syntax error');
  expect(await read(db)).toBe(0);
});

test('closing waits for what is queued; statements after it fail', async () => {
  const db = await counter();
  const queued = db.run(sql`UPDATE counter SET n = 5`);
  const closed = db.close();
  await expect(queued).resolves.toMatchObject({ changes: 1 });
  await closed;
  await expect(read(db)).rejects.toThrow();
});

test('what is asked of one that is still being opened waits in order, and the transaction asked for first is first', async () => {
  let open: (db: Database) => void = () => undefined;
  const db = Database.later(new Promise((resolve) => (open = resolve)));
  const first = db.transaction(async (tx) => {
    await tx.exec('CREATE TABLE counter (n INTEGER NOT NULL) STRICT');
    await tx.run(sql`INSERT INTO counter VALUES (7)`);
  });
  const second = read(db);
  open(await Database.open(':memory:', 'create'));
  await first;
  expect(await second).toBe(7);
  await db.close();
  await expect(read(db)).rejects.toThrow();
});

test('one that cannot be opened says so to everyone who asks, and closes', async () => {
  const db = Database.later(Promise.reject(new Error('damaged')));
  await expect(read(db)).rejects.toThrow('damaged');
  await expect(db.transaction((tx) => tx.exec('SELECT 1'))).rejects.toThrow('damaged');
  await db.close();
});
