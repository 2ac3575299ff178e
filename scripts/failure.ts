/** Something that can go wrong on a healthy program's way; the message tells a person what, and what to do. */
export class Failure extends Error {}

/** What `error` says, for a sentence of ours. */
export const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
