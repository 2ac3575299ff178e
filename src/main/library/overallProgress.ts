import type { LibraryModel } from '../../shared/library';

/** How far everything that is being fetched is, 0 to 1, as a task bar shows it; -1 for nothing, 2 for what no figure is known of. */
export function progressOf(models: readonly LibraryModel[]): number {
  const running = models.map(({ installation }) => installation).filter((one) => one !== null && one.pause === null);
  if (running.length === 0) return -1;
  if (running.some((one) => one!.totalBytes === null)) return 2;
  const sum = (of: (one: NonNullable<(typeof running)[number]>) => number) =>
    running.reduce((total, one) => total + of(one!), 0);
  const total = sum(({ totalBytes }) => totalBytes ?? 0);
  return total === 0 ? 2 : sum(({ doneBytes }) => doneBytes) / total;
}
