import type { Installation, LibraryState } from '../../shared/library';

/** As a task bar shows it: 0 to 1, -1 for nothing, 2 for what no figure is known of; and in which colour, where it has some. */
export type OverallProgress = { readonly fraction: number; readonly mode: 'normal' | 'paused' | 'error' };

type Part = { readonly doneBytes: number; readonly totalBytes: number | null };

/** How far everything is that goes on; where nothing does, what stopped without the user's doing. */
export function progressOf({ models, move }: Pick<LibraryState, 'models' | 'move'>): OverallProgress {
  const all = models.map(({ installation }) => installation).filter((one) => one !== null);
  const moving = move === null || move.error !== null || move.stage === 'waiting' ? [] : [move];
  const running = [...all.filter(({ pause }) => pause === null).map(partOf), ...moving];
  if (running.length > 0) return { fraction: fractionOf(running), mode: 'normal' };
  const failed = all.filter(({ pause }) => pause === 'failed' || pause === 'diskFull');
  if (failed.length > 0) return { fraction: visible(fractionOf(failed.map(partOf))), mode: 'error' };
  const waiting = all.filter(({ pause }) => pause === 'offline');
  if (waiting.length > 0) return { fraction: visible(fractionOf(waiting.map(partOf))), mode: 'paused' };
  return { fraction: -1, mode: 'normal' };
}

const partOf = ({ stage, doneBytes, preparedBytes, totalBytes }: Installation): Part => ({
  doneBytes: stage === 'preparing' ? preparedBytes : doneBytes,
  totalBytes,
});

function fractionOf(parts: readonly Part[]): number {
  if (parts.some(({ totalBytes }) => totalBytes === null)) return 2;
  const sum = (of: (part: Part) => number): number => parts.reduce((total, part) => total + of(part), 0);
  const total = sum(({ totalBytes }) => totalBytes ?? 0);
  return total === 0 ? 2 : Math.min(sum(({ doneBytes }) => doneBytes) / total, 1);
}

/** A bar that stands still: without a figure it is full, since an empty one would not be seen. */
const visible = (fraction: number): number => (fraction === 2 ? 1 : fraction);
