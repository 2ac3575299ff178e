import { AppError } from '../../shared/appError';
import { Conversation } from '../../shared/conversation';
import type { ConversationId } from '../../shared/conversation';
import type { Statements } from '../db/connection';
import { sql } from '../db/connection';

type ConversationRow = { id: number; title: string; created_at_ms: number; updated_at_ms: number };

/** All that are not deleted, the one with the newest message first. */
export async function listConversations(db: Statements): Promise<Conversation[]> {
  const rows = await db.all<ConversationRow>(sql`
    SELECT id, title, created_at_ms, updated_at_ms FROM conversations
    WHERE deleted_at_ms IS NULL ORDER BY updated_at_ms DESC, id DESC`);
  return rows.map(toConversation);
}

/** Throws `conversation.notFound` for one that never was or is deleted. */
export async function getConversation(db: Statements, id: ConversationId): Promise<Conversation> {
  const conversation = await findConversation(db, id);
  if (conversation === null) throw new AppError('conversation.notFound');
  return conversation;
}

/** Null for one that never was or is deleted. */
export async function findConversation(db: Statements, id: ConversationId): Promise<Conversation | null> {
  const [row] = await db.all<ConversationRow>(sql`
    SELECT id, title, created_at_ms, updated_at_ms FROM conversations WHERE id = ${id} AND deleted_at_ms IS NULL`);
  return row === undefined ? null : toConversation(row);
}

export async function insertConversation(
  db: Statements,
  { title, nowMs }: { title: string; nowMs: number },
): Promise<ConversationId> {
  const { lastId } = await db.run(sql`
    INSERT INTO conversations (title, created_at_ms, updated_at_ms) VALUES (${title}, ${nowMs}, ${nowMs})`);
  return Conversation.shape.id.parse(lastId);
}

export async function renameConversation(db: Statements, id: ConversationId, title: string): Promise<void> {
  await mustChange(db.run(sql`UPDATE conversations SET title = ${title} WHERE id = ${id} AND deleted_at_ms IS NULL`));
}

/** Moves the conversation to the top of the list. */
export async function touchConversation(db: Statements, id: ConversationId, nowMs: number): Promise<void> {
  await mustChange(
    db.run(sql`UPDATE conversations SET updated_at_ms = ${nowMs} WHERE id = ${id} AND deleted_at_ms IS NULL`),
  );
}

/** Out of sight, not erased. */
export async function deleteConversation(db: Statements, id: ConversationId, nowMs: number): Promise<void> {
  await mustChange(
    db.run(sql`UPDATE conversations SET deleted_at_ms = ${nowMs} WHERE id = ${id} AND deleted_at_ms IS NULL`),
  );
}

/** The way back from `deleteConversation`; nothing happens to one that is not deleted. */
export async function restoreConversation(db: Statements, id: ConversationId): Promise<void> {
  await mustChange(db.run(sql`UPDATE conversations SET deleted_at_ms = NULL WHERE id = ${id}`));
}

async function mustChange(update: Promise<{ changes: number }>): Promise<void> {
  if ((await update).changes === 0) throw new AppError('conversation.notFound');
}

const toConversation = (row: ConversationRow): Conversation =>
  Conversation.parse({
    id: row.id,
    title: row.title,
    createdAtMs: row.created_at_ms,
    updatedAtMs: row.updated_at_ms,
  });
