import path from 'node:path';
import { insertConversation } from '../src/main/conversations/conversationRepository';
import { insertMessage } from '../src/main/conversations/messageRepository';
import { openStore } from '../src/main/db/openStore';

const day = 24 * 60 * 60_000;

/** Fills an empty profile with as many conversations, `Talk 1` the newest, some a day. They are of yesterday and before. */
export async function storeConversations(profile: string, count: number): Promise<void> {
  const db = await openStore(path.join(profile, 'conversations.db'));
  const newestMs = Date.now() - day;
  await db.transaction(async (tx) => {
    for (let number = 1; number <= count; number++) {
      const nowMs = newestMs - (number * day) / 4;
      const conversationId = await insertConversation(tx, { title: `Talk ${number}`, nowMs });
      const said = { conversationId, state: 'done', createdAtMs: nowMs } as const;
      await insertMessage(tx, { ...said, role: 'user', text: `Question ${number}` });
      await insertMessage(tx, { ...said, role: 'assistant', text: `Answer ${number}` });
    }
  });
  await db.close();
}
