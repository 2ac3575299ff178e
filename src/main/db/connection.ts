import sqlite3 from 'sqlite3';
import { asDiskFull } from '../app/diskFull';

export type SqlValue = string | number | null;
export type Sql = { readonly text: string; readonly values: readonly SqlValue[] };

/** The tag makes a value a parameter; there is no other way to pass one. */
export function sql(parts: TemplateStringsArray, ...values: readonly SqlValue[]): Sql {
  return { text: parts.join('?'), values };
}

/** What a repository function needs: the database and an open transaction both have it. Throws `store.diskFull`. */
export type Statements = {
  run: (statement: Sql) => Promise<{ lastId: number; changes: number }>;
  /** `Row` is what the caller's own columns hold; STRICT tables keep it true. */
  all: <Row>(statement: Sql) => Promise<Row[]>;
  /** Several statements without values. */
  exec: (script: string) => Promise<void>;
};

type Access = 'create' | 'write' | 'read';

/** One connection. Callers take turns: sqlite3 by itself would interleave their statements. */
export class Database implements Statements {
  readonly #raw: Promise<sqlite3.Database>;
  #last: Promise<unknown> = Promise.resolve();

  private constructor(raw: Promise<sqlite3.Database>) {
    this.#raw = raw;
    raw.catch(() => undefined); // whoever asks for something is told
  }

  /** One that is still being opened: what it is asked waits, in order, and is rejected as `opening` is. */
  static later(opening: Promise<Database>): Database {
    return new Database(opening.then((opened) => opened.#raw));
  }

  static open(file: string, access: Access): Promise<Database> {
    const mode = {
      create: sqlite3.OPEN_READWRITE | sqlite3.OPEN_CREATE,
      write: sqlite3.OPEN_READWRITE,
      read: sqlite3.OPEN_READONLY,
    }[access];
    return new Promise((resolve, reject) => {
      const raw = new sqlite3.Database(file, mode, (error) => {
        if (error) reject(error);
        else resolve(new Database(Promise.resolve(raw)));
      });
    });
  }

  run = (statement: Sql) => this.#exclusive((tx) => tx.run(statement));
  all = <Row>(statement: Sql) => this.#exclusive((tx) => tx.all<Row>(statement));
  exec = (script: string) => this.#exclusive((tx) => tx.exec(script));

  /** Runs `work` alone on the connection, all of it or none. Inside, use `tx` only: the database would wait for itself. */
  transaction<T>(work: (tx: Statements) => Promise<T>): Promise<T> {
    return this.#exclusive(async (tx) => {
      await tx.run(sql`BEGIN IMMEDIATE`);
      try {
        const value = await work(tx);
        await tx.run(sql`COMMIT`);
        return value;
      } catch (error) {
        await rollBack(tx, error);
        throw error;
      }
    });
  }

  /** Waits for what is queued, then closes. Statements after it fail. Nothing happens to one that could not be opened. */
  close(): Promise<void> {
    return this.#inTurn(async () => {
      const raw = await this.#raw.catch(() => null);
      await new Promise<void>((resolve, reject) => {
        if (raw === null) resolve();
        else raw.close((error) => (error ? reject(error) : resolve()));
      });
    });
  }

  #exclusive<T>(work: (statements: Statements) => Promise<T>): Promise<T> {
    return this.#inTurn(async () => work(statementsOn(await this.#raw)));
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const mine = this.#last.then(work);
    // The queue goes on after a failure; the failure itself reaches the caller through `mine`.
    this.#last = mine.catch(() => undefined);
    return mine;
  }
}

/** SQLite may have rolled back by itself (a full disk); where ROLLBACK fails for another reason, both errors matter. */
async function rollBack(tx: Statements, cause: unknown): Promise<void> {
  try {
    await tx.run(sql`ROLLBACK`);
  } catch (error) {
    if (String(error).includes('no transaction is active')) return;
    throw new AggregateError([cause, error], 'A transaction failed and could not be rolled back.');
  }
}

const statementsOn = (raw: sqlite3.Database): Statements => ({
  run: ({ text, values }) =>
    new Promise((resolve, reject) =>
      raw.run(text, values, function (error) {
        if (error) reject(asDiskFull(error));
        else resolve({ lastId: this.lastID, changes: this.changes });
      }),
    ),
  all: <Row>({ text, values }: Sql) =>
    new Promise<Row[]>((resolve, reject) =>
      raw.all<Row>(text, values, (error, rows) => (error ? reject(asDiskFull(error)) : resolve(rows))),
    ),
  exec: (script) =>
    new Promise((resolve, reject) => raw.exec(script, (error) => (error ? reject(asDiskFull(error)) : resolve()))),
});
