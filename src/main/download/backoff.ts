const firstMs = 1_000;
const longestMs = 30_000;

/** Wait before the next try after so many failures in a row, in ms: 1, 2, 4 … 30 s, each up to a half more or less. */
export const backoffMs = (failures: number): number =>
  Math.min(longestMs, firstMs * 2 ** (failures - 1)) * (0.5 + Math.random());
