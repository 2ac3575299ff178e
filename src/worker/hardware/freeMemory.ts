/** A limit of the user's, in bytes, for a computer that is shared with others: no model may take more. */
const variable = 'DESKMATE_MEMORY_LIMIT';

/** Bytes that a model may take: what is free, within a container's limit and the user's own. */
export function freeMemory(environment: NodeJS.ProcessEnv = process.env): number {
  const limitBytes = Number(environment[variable]);
  return limitBytes > 0 ? Math.min(process.availableMemory(), limitBytes) : process.availableMemory();
}
