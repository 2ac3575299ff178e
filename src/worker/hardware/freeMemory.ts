/** A limit of the user's, in bytes, for a computer that is shared with others: no model may take more. */
const variable = 'DESKMATE_MEMORY_LIMIT';

/** Bytes that a model may take: what is free, within a container's limit and the user's own. */
export const freeMemory = (environment: NodeJS.ProcessEnv = process.env): number =>
  withinLimit(process.availableMemory(), environment);

/** Free memory that was read elsewhere, within the user's limit. */
export function withinLimit(freeBytes: number, environment: NodeJS.ProcessEnv = process.env): number {
  const limitBytes = Number(environment[variable]);
  return limitBytes > 0 ? Math.min(freeBytes, limitBytes) : freeBytes;
}
