/** Wait before restart number `failures` (1-based), in ms; null: stay down until the user retries. */
export function restartDelayMs(failures: number): number | null {
  return failures > 3 ? null : 500 * 4 ** (failures - 1); // 0.5 s, 2 s, 8 s
}
