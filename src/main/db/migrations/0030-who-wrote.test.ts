import { expect, test } from 'vitest';
import { Database, sql } from '../connection';
import { migrate } from '../migrate';
import { conversations } from './0010-conversations';
import { provenance } from './0020-provenance';
import { whoWrote } from './0030-who-wrote';

test('every row of the version before is kept as it was, with nothing known of which model and device wrote it', async () => {
  const db = await Database.open(':memory:', 'create');
  await migrate(db, [conversations, provenance]);
  await db.exec(`
    INSERT INTO conversations VALUES (7, 'title', 1, 2, NULL);
    INSERT INTO messages (id, conversation_id, role, text, state, created_at_ms) VALUES (3, 7, 'user', '你好', 'done', 10);
    INSERT INTO messages VALUES (4, 7, 'assistant', 'old', 'done', 11, 12, 'm', 'int4', 'cpu', 'cpu', 5, 5, 2, 3, 1.5, 2.5, 0,
      NULL, NULL);
  `);
  const before = await db.all<object>(sql`SELECT * FROM messages ORDER BY id`);
  await migrate(db, [conversations, provenance, whoWrote]);
  expect(await db.all(sql`SELECT * FROM messages ORDER BY id`)).toEqual(
    before.map((row) => ({ ...row, model_id: null, device_name: null })),
  );
  await db.close();
});
