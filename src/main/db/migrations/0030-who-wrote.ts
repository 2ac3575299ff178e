import type { Migration } from '../migration';

/** Which model wrote an answer, whatever it is called, and on which processor or graphics card; null for answers from before. */
export const whoWrote: Migration = {
  version: 30,
  up: (tx) =>
    tx.exec(`
      ALTER TABLE messages ADD COLUMN model_id TEXT;
      ALTER TABLE messages ADD COLUMN device_name TEXT;
    `),
};
