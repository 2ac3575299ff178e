import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { listConversations } from '../conversations/conversationRepository';
import { interruptStaleAnswers, listMessages } from '../conversations/messageRepository';
import { sql } from '../db/connection';
import { openStore } from '../db/openStore';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'deskmate-killed-'));
});
afterEach(() => rm(folder, { recursive: true }));

/** Lets the writer run for a random time after its first token, kills it, and returns what it had said. */
async function killedWriter(file: string): Promise<{ made: number; saved: number }> {
  const program = join(import.meta.dirname, 'killedWriter.test-support.ts');
  const writer = spawn(process.execPath, ['--import', 'tsx', program, file], { stdio: ['ignore', 'pipe', 'inherit'] });
  const said = { made: 0, saved: 0 };
  for await (const line of createInterface(writer.stdout)) {
    if (line === 'token' && ++said.made === 1) setTimeout(() => writer.kill('SIGKILL'), 20 + Math.random() * 400);
    if (line.startsWith('saved')) said.saved = Number(line.split(' ')[1]);
  }
  if (writer.signalCode === null) await once(writer, 'exit');
  expect(writer.signalCode).toBe('SIGKILL');
  return said;
}

test('killed at any moment, the store is whole and at most a batch of the answer is lost', async () => {
  const file = join(folder, 'conversations.db');
  for (let round = 1; round <= 6; round++) {
    const { made, saved } = await killedWriter(file);
    const db = await openStore(file);
    expect(await db.all(sql`PRAGMA integrity_check`)).toEqual([{ integrity_check: 'ok' }]);
    await interruptStaleAnswers(db);
    const [newest, ...older] = await listConversations(db);
    expect(older).toHaveLength(round - 1);
    const [answer] = await listMessages(db, newest!.id);
    expect(answer).toMatchObject({ state: 'interrupted', text: '字'.repeat(answer!.text.length) });
    // Whatever was known to be stored is; beyond it at most 32 tokens wait and 32 are being written.
    expect(answer!.text.length).toBeGreaterThanOrEqual(saved);
    expect(made - answer!.text.length).toBeLessThanOrEqual(64);
    await db.close();
  }
});
