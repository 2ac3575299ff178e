import { expect, test } from 'vitest';
import { Database, sql } from '../connection';
import { migrate } from '../migrate';
import { conversations } from './0010-conversations';
import { provenance } from './0020-provenance';

test('every row of the version before is kept as it was, with nothing known of messages left out', async () => {
  const db = await Database.open(':memory:', 'create');
  await db.exec('PRAGMA foreign_keys = ON');
  await migrate(db, [conversations]);
  await db.exec(`
    INSERT INTO conversations VALUES (7, 'title', 1, 2, NULL);
    INSERT INTO messages (id, conversation_id, role, text, state, created_at_ms) VALUES
      (3, 7, 'user', '你好', 'done', 10), (9, 7, 'assistant', 'half', 'streaming', 14);
    INSERT INTO messages VALUES
      (4, 7, 'assistant', 'old', 'done', 11, 12, 'm', 'int4', 'cpu', 'cpu', 4294967295, 5, 2, 3, 1.5, 2.5, NULL, NULL),
      (5, 7, 'assistant', 'cut', 'interrupted', 13, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
       'worker.crashed', '{"exitCode":9}');
  `);
  const before = await db.all<object>(sql`SELECT * FROM messages ORDER BY id`);
  await migrate(db, [conversations, provenance]);
  expect(await db.all(sql`SELECT * FROM messages ORDER BY id`)).toEqual(
    before.map((row) => ({ ...row, dropped_turns: null })),
  );
  await expect(
    db.run(sql`INSERT INTO messages (conversation_id, role, text, state, created_at_ms)
      VALUES (7, 'assistant', '', 'streaming', 15)`),
  ).rejects.toThrow('UNIQUE');
  await expect(db.run(sql`UPDATE messages SET conversation_id = 8 WHERE id = 3`)).rejects.toThrow('FOREIGN KEY');
  await db.close();
});
