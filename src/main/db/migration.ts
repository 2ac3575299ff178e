import type { Statements } from './connection';

/** One step of the schema. Never edited after a release: a later one corrects it. */
export type Migration = { readonly version: number; readonly up: (tx: Statements) => Promise<void> };
