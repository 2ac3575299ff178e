import { writeSync } from 'node:fs';
import { insertConversation } from '../conversations/conversationRepository';
import { appendText, insertMessage } from '../conversations/messageRepository';
import { openStore } from '../db/openStore';
import { AnswerJournal } from './answerJournal';

/**
 * A process of its own that writes an answer as the app does, a token every three milliseconds, until it is killed.
 * It says what it does on stdout before and after: `token` for each one made, `saved N` when N are known to be stored.
 */
async function writeUntilKilled(file: string): Promise<void> {
  const db = await openStore(file);
  const conversationId = await insertConversation(db, { title: 'killed', nowMs: 1 });
  const blank = { conversationId, role: 'assistant', text: '', state: 'streaming', createdAtMs: 1 } as const;
  const { id } = await insertMessage(db, blank);
  let saved = 0;
  const journal = new AnswerJournal(
    async (text) => {
      await appendText(db, id, text);
      saved += text.length;
      writeSync(1, `saved ${saved}\n`);
    },
    (error) => {
      throw error;
    },
  );
  setInterval(() => {
    writeSync(1, 'token\n');
    journal.add('字', 1);
  }, 3);
}

const [file] = process.argv.slice(2);
if (file !== undefined) await writeUntilKilled(file);
