import { ensureSqlite } from './ensureSqlite';

/** Vitest calls this once before all tests, so that `npm run test:unit` alone works after `npm ci`. */
export const setup = ensureSqlite;
