import type { Migration } from '../migration';

/** Conversations and their messages. Nothing is ever erased: `deleted_at_ms` takes a row out of sight. */
export const conversations: Migration = {
  version: 10,
  up: (tx) =>
    tx.exec(`
      CREATE TABLE conversations (
        id            INTEGER PRIMARY KEY,
        title         TEXT    NOT NULL,
        created_at_ms INTEGER NOT NULL,
        updated_at_ms INTEGER NOT NULL,
        deleted_at_ms INTEGER
      ) STRICT;
      CREATE INDEX conversations_by_time ON conversations (updated_at_ms) WHERE deleted_at_ms IS NULL;

      CREATE TABLE messages (
        id              INTEGER PRIMARY KEY,
        conversation_id INTEGER NOT NULL REFERENCES conversations (id),
        role            TEXT    NOT NULL CHECK (role IN ('user', 'assistant')),
        text            TEXT    NOT NULL,
        state           TEXT    NOT NULL
                        CHECK (state IN ('streaming', 'done', 'stopped', 'length', 'error', 'interrupted')),
        created_at_ms   INTEGER NOT NULL,
        deleted_at_ms   INTEGER,

        -- What produced an answer: all of it or none.
        model_name            TEXT,
        precision             TEXT,
        device                TEXT,
        execution_provider    TEXT,
        seed                  INTEGER,
        prompt_tokens         INTEGER,
        reused_tokens         INTEGER,
        new_tokens            INTEGER,
        time_to_first_token_ms REAL,
        tokens_per_second     REAL,

        -- Why an answer ended early: an error code and its parameters as JSON.
        error_code      TEXT,
        error_params    TEXT,

        CHECK (role = 'assistant' OR state = 'done'),
        CHECK ((error_code IS NULL) = (error_params IS NULL)),
        CHECK (model_name IS NULL OR (
          precision IS NOT NULL AND device IS NOT NULL AND execution_provider IS NOT NULL AND seed IS NOT NULL AND
          prompt_tokens IS NOT NULL AND reused_tokens IS NOT NULL AND new_tokens IS NOT NULL AND
          time_to_first_token_ms IS NOT NULL AND tokens_per_second IS NOT NULL))
      ) STRICT;
      CREATE INDEX messages_by_conversation ON messages (conversation_id, id);
      CREATE UNIQUE INDEX one_running_answer ON messages (conversation_id) WHERE state = 'streaming';
    `),
};
