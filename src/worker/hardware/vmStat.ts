/** The memory of a Mac that programs can have, in bytes: free pages and those that hold nothing but caches. Node counts the free ones
 *  alone, which are few on any Mac. Null where `output` is not that of vm_stat. */
export function parseVmStat(output: string): number | null {
  const pageSize = numberIn(output, /page size of (\d+) bytes/);
  const pages = ['free', 'inactive', 'speculative'].map((kind) =>
    numberIn(output, new RegExp(`^Pages ${kind}:\\s+(\\d+)`, 'm')),
  );
  return pages.reduce<number | null>(
    (sum, count) => (sum === null || count === null || pageSize === null ? null : sum + count * pageSize),
    0,
  );
}

function numberIn(output: string, pattern: RegExp): number | null {
  const digits = pattern.exec(output)?.[1];
  return digits === undefined ? null : Number(digits);
}
