import { Message, MessageId } from '../../shared/conversation';
import type { ConversationId, MessageState, Provenance } from '../../shared/conversation';
import { WireError } from '../../shared/wireError';
import type { Statements } from '../db/connection';
import { sql } from '../db/connection';

type MessageRow = {
  id: number;
  conversation_id: number;
  role: string;
  text: string;
  state: string;
  created_at_ms: number;
  model_name: string | null;
  model_id: string | null;
  device_name: string | null;
  precision: string | null;
  device: string | null;
  execution_provider: string | null;
  seed: number | null;
  prompt_tokens: number | null;
  reused_tokens: number | null;
  new_tokens: number | null;
  time_to_first_token_ms: number | null;
  tokens_per_second: number | null;
  dropped_turns: number | null;
  error_code: string | null;
  error_params: string | null;
};

const blanks = ' \t\r\n';

/** How an answer ended, and what made it. */
export type AnswerEnd = {
  readonly text: string;
  readonly state: Exclude<MessageState, 'streaming'>;
  readonly provenance: Provenance | null;
  readonly error: WireError | null;
};

/** Messages of one conversation, oldest first; empty when there is no such conversation. */
export async function listMessages(db: Statements, conversationId: ConversationId): Promise<Message[]> {
  const rows = await db.all<MessageRow>(sql`
    SELECT * FROM messages WHERE conversation_id = ${conversationId} AND deleted_at_ms IS NULL ORDER BY id`);
  return rows.map(toMessage);
}

export type NewMessage = Pick<Message, 'conversationId' | 'role' | 'text' | 'state' | 'createdAtMs'>;

export async function insertMessage(db: Statements, message: NewMessage): Promise<Message> {
  const { lastId } = await db.run(sql`
    INSERT INTO messages (conversation_id, role, text, state, created_at_ms)
    VALUES (${message.conversationId}, ${message.role}, ${message.text}, ${message.state}, ${message.createdAtMs})`);
  return { ...message, id: MessageId.parse(lastId), provenance: null, error: null };
}

/** Adds to an answer that is being written. */
export async function appendText(db: Statements, id: MessageId, text: string): Promise<void> {
  await db.run(sql`UPDATE messages SET text = text || ${text} WHERE id = ${id}`);
}

/** The model begins an answer: should its end never come, what made it is known. */
export async function beginAnswer(db: Statements, id: MessageId, made: Provenance): Promise<void> {
  await db.run(sql`
    UPDATE messages SET
      model_name = ${made.modelName}, model_id = ${made.modelId}, precision = ${made.precision},
      device = ${made.device}, device_name = ${made.deviceName},
      execution_provider = ${made.executionProvider}, seed = ${made.seed}
    WHERE id = ${id}`);
}

/** Closes an answer: its whole text, how it ended, and what made it. */
export async function finishAnswer(db: Statements, id: MessageId, end: AnswerEnd): Promise<void> {
  const made = end.provenance;
  await db.run(sql`
    UPDATE messages SET
      text = ${end.text}, state = ${end.state},
      model_name = ${made?.modelName ?? null}, model_id = ${made?.modelId ?? null},
      precision = ${made?.precision ?? null}, device = ${made?.device ?? null},
      device_name = ${made?.deviceName ?? null}, execution_provider = ${made?.executionProvider ?? null},
      seed = ${made?.seed ?? null}, prompt_tokens = ${made?.promptTokens ?? null},
      reused_tokens = ${made?.reusedTokens ?? null}, new_tokens = ${made?.newTokens ?? null},
      time_to_first_token_ms = ${made?.timeToFirstTokenMs ?? null},
      tokens_per_second = ${made?.tokensPerSecond ?? null}, dropped_turns = ${made?.droppedTurns ?? null},
      error_code = ${end.error?.code ?? null},
      error_params = ${end.error === null ? null : JSON.stringify(end.error.params)}
    WHERE id = ${id}`);
}

/** Out of sight, not erased. */
export async function removeMessage(db: Statements, id: MessageId, nowMs: number): Promise<void> {
  await db.run(sql`UPDATE messages SET deleted_at_ms = ${nowMs} WHERE id = ${id}`);
}

type Answer = Pick<Message, 'id' | 'conversationId'>;

/** The answer to the same question that went out of sight last in favour of `current`; null where none has words. */
export async function findReplaced(db: Statements, current: Answer): Promise<Message | null> {
  const [row] = await db.all<MessageRow>(sql`
    SELECT * FROM messages
    WHERE conversation_id = ${current.conversationId} AND role = 'assistant' AND id < ${current.id}
      AND deleted_at_ms IS NOT NULL AND trim(text, ${blanks}) <> ''
      AND id > (SELECT max(id) FROM messages
                WHERE conversation_id = ${current.conversationId} AND role = 'user' AND id < ${current.id})
    ORDER BY deleted_at_ms DESC, id DESC LIMIT 1`);
  return row === undefined ? null : toMessage(row);
}

/** Puts `current` out of sight and the answer it had replaced back in its place. */
export async function bringBack(db: Statements, current: Answer, replaced: Answer): Promise<void> {
  const [row] = await db.all<{ deleted_at_ms: number }>(sql`
    SELECT deleted_at_ms FROM messages WHERE id = ${replaced.id}`);
  await db.run(sql`
    UPDATE messages SET deleted_at_ms = CASE id WHEN ${current.id} THEN ${row!.deleted_at_ms} END
    WHERE id IN (${current.id}, ${replaced.id})`);
}

/** After the app died: unfinished answers are interrupted; one without a word gives way to the one it had replaced. */
export async function recoverAnswers(db: Statements): Promise<void> {
  const empty = await db.all<MessageRow>(sql`
    SELECT * FROM messages WHERE state = 'streaming' AND deleted_at_ms IS NULL AND trim(text, ${blanks}) = ''`);
  await interruptStaleAnswers(db);
  for (const current of empty.map(toMessage)) {
    const replaced = await findReplaced(db, current);
    if (replaced !== null) await bringBack(db, current, replaced);
  }
}

/** What still says it is being written, though nothing runs, was cut off. Its text is kept. */
export async function interruptStaleAnswers(db: Statements, conversationId?: ConversationId): Promise<void> {
  await db.run(sql`
    UPDATE messages SET state = 'interrupted'
    WHERE state = 'streaming' AND conversation_id = coalesce(${conversationId ?? null}, conversation_id)`);
}

const toMessage = (row: MessageRow): Message =>
  Message.parse({
    id: row.id,
    conversationId: row.conversation_id,
    role: row.role,
    text: row.text,
    state: row.state,
    createdAtMs: row.created_at_ms,
    provenance: row.model_name === null ? null : provenanceOf(row),
    error: row.error_code === null ? null : errorOf(row.error_code, row.error_params!),
  });

/** A code that a later version no longer knows must not make a conversation unreadable. */
function errorOf(code: string, paramsJson: string): WireError {
  const params: unknown = JSON.parse(paramsJson);
  return WireError.catch({ code: 'internal', params: {} }).parse({ code, params });
}

const provenanceOf = (row: MessageRow) => ({
  modelName: row.model_name,
  modelId: row.model_id,
  deviceName: row.device_name,
  precision: row.precision,
  device: row.device,
  executionProvider: row.execution_provider,
  seed: row.seed,
  promptTokens: row.prompt_tokens,
  reusedTokens: row.reused_tokens,
  newTokens: row.new_tokens,
  timeToFirstTokenMs: row.time_to_first_token_ms,
  tokensPerSecond: row.tokens_per_second,
  droppedTurns: row.dropped_turns,
});
