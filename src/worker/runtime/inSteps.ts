const stepRows = 256;

/** Rows that a key and value cache has room for when it holds `rows`, at least 1: steps large enough that resizing is rare, small
 *  enough that short chats take little. */
export const inSteps = (rows: number): number => Math.ceil(Math.max(rows, 1) / stepRows) * stepRows;
