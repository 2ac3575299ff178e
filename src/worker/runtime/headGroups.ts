/** Rows of single heads that are taken together, those of 256 rows of Qwen-7B: 4 MB in float32, which a processor's cache holds. Twice as
 *  many are as fast, half as many are not. */
export const largestGroup = 8192;

/** The fewest groups of equally many heads with at most so many rows, or a group for each head. */
export function headGroups(heads: number, rows: number): number {
  let groups = 1;
  while (groups < heads && (heads % groups !== 0 || (heads / groups) * rows > largestGroup)) groups++;
  return groups;
}
