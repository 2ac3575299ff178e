import type { Migration } from '../migration';

/**
 * What made an answer is known when the worker begins it, what it cost when it ends: two groups of columns, each
 * whole or empty. `dropped_turns`: earlier messages that did not fit into the prompt; null for answers from before.
 */
export const provenance: Migration = {
  version: 20,
  up: (tx) =>
    tx.exec(`
      CREATE TABLE new_messages (
        id              INTEGER PRIMARY KEY,
        conversation_id INTEGER NOT NULL REFERENCES conversations (id),
        role            TEXT    NOT NULL CHECK (role IN ('user', 'assistant')),
        text            TEXT    NOT NULL,
        state           TEXT    NOT NULL
                        CHECK (state IN ('streaming', 'done', 'stopped', 'length', 'error', 'interrupted')),
        created_at_ms   INTEGER NOT NULL,
        deleted_at_ms   INTEGER,

        -- What made an answer: all of it or none.
        model_name            TEXT,
        precision             TEXT,
        device                TEXT,
        execution_provider    TEXT,
        seed                  INTEGER,

        -- What it cost: all of it or none, and only of a known model.
        prompt_tokens         INTEGER,
        reused_tokens         INTEGER,
        new_tokens            INTEGER,
        time_to_first_token_ms REAL,
        tokens_per_second     REAL,
        dropped_turns         INTEGER,

        -- Why an answer ended early: an error code and its parameters as JSON.
        error_code      TEXT,
        error_params    TEXT,

        CHECK (role = 'assistant' OR state = 'done'),
        CHECK ((error_code IS NULL) = (error_params IS NULL)),
        CHECK (model_name IS NULL OR (
          precision IS NOT NULL AND device IS NOT NULL AND execution_provider IS NOT NULL AND seed IS NOT NULL)),
        CHECK (new_tokens IS NULL OR (
          model_name IS NOT NULL AND prompt_tokens IS NOT NULL AND reused_tokens IS NOT NULL AND
          time_to_first_token_ms IS NOT NULL AND tokens_per_second IS NOT NULL))
      ) STRICT;
      INSERT INTO new_messages (
        id, conversation_id, role, text, state, created_at_ms, deleted_at_ms,
        model_name, precision, device, execution_provider, seed,
        prompt_tokens, reused_tokens, new_tokens, time_to_first_token_ms, tokens_per_second, error_code, error_params)
      SELECT
        id, conversation_id, role, text, state, created_at_ms, deleted_at_ms,
        model_name, precision, device, execution_provider, seed,
        prompt_tokens, reused_tokens, new_tokens, time_to_first_token_ms, tokens_per_second, error_code, error_params
      FROM messages;
      DROP TABLE messages;
      ALTER TABLE new_messages RENAME TO messages;
      CREATE INDEX messages_by_conversation ON messages (conversation_id, id);
      CREATE UNIQUE INDEX one_running_answer ON messages (conversation_id) WHERE state = 'streaming';
    `),
};
