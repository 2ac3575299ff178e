import type { Stats } from 'node:fs';
import { link, lstat, mkdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { AppError } from '../../shared/appError';
import { isMissing } from '../app/jsonFile';
import { copyVerified, requireFreeBytes, unfinishedCopy } from './copyVerified';
import { claim, readClaim } from './modelsFolder';
import { type OwnFile, totalBytes } from './ownFiles';
import { removeFilesIn } from './removeFiles';
import { giveUpMove, isOfSystem, settleMove, withUnfinished } from './settleMove';

type Move = {
  readonly from: string;
  readonly to: string;
  /** All that shall move, named from the models folder, as soon as nothing is written in it any more. */
  readonly files: (signal: AbortSignal) => Promise<readonly OwnFile[]>;
  readonly onProgress: (doneBytes: number, totalBytes: number) => void;
  /** Stores that the models lie in `to` now. A rejection means that it was not stored. */
  readonly switchOver: () => Promise<void>;
  /** Lets go of what is open in `from`. */
  readonly release: () => Promise<void>;
  /** The move is not wanted any more: everything stays where it was. */
  readonly signal: AbortSignal;
  /** The app ends: as at a kill, what was brought stays, and the next start goes on. */
  readonly suspend: AbortSignal;
};

/**
 * Moves models to another folder. At any kill they are whole in the folder that the settings name: first all is in the other
 * one, verified; then the settings change; then the first is emptied. What an earlier run brought is not brought again.
 */
export async function moveModels({ switchOver, release, signal, suspend, ...move }: Move): Promise<void> {
  const { from, to, onProgress } = move;
  const stop = AbortSignal.any([signal, suspend]);
  try {
    await announce(move, []);
    const files = await move.files(stop);
    await announce(move, files);
    await bringAll({ from, to, files, onProgress, signal: stop });
    await switchOver();
  } catch (error) {
    if (!suspend.aborted) await giveUpMove(from, to);
    throw asRefused(error, move);
  }
  await release();
  await settleMove(to);
}

/** Each folder learns of it before the first file is brought: a kill at any time leaves none that nobody lists. */
async function announce({ from, to }: Pick<Move, 'from' | 'to'>, files: readonly OwnFile[]): Promise<void> {
  const earlier = (await readClaim(to))?.incoming;
  const brought = earlier?.from === from ? earlier.files : [];
  const paths = [...new Set([...files.map(({ path }) => path), ...brought])];
  await claim(to, { incoming: { from, files: paths }, outgoing: null });
  await claim(from, { outgoing: { to }, incoming: null });
}

type Bring = Pick<Move, 'from' | 'to' | 'onProgress' | 'signal'> & { readonly files: readonly OwnFile[] };

async function bringAll(move: Bring): Promise<void> {
  const { from, to, files, onProgress, signal } = move;
  const total = totalBytes(files);
  let done = 0;
  const onBytes = (bytes: number): void => onProgress((done += bytes), total);
  onProgress(0, total);
  await removeOutdated(to, files);
  if ((await stat(from)).dev !== (await stat(to)).dev) await requireFreeBytes(to, total - (await broughtBytes(move)));
  for (const { path, sizeBytes } of files) {
    signal.throwIfAborted();
    const [source, target] = [join(from, path), join(to, path)];
    if ((await isBrought(source, target)) || (await linkTo(source, target))) onBytes(sizeBytes);
    else await copyVerified({ from: source, to: target, onBytes, signal });
  }
  signal.throwIfAborted();
}

/** What an earlier run brought and is no longer there would be back otherwise. */
async function removeOutdated(to: string, files: readonly OwnFile[]): Promise<void> {
  const wanted = new Set(files.map(({ path }) => path));
  const brought = (await readClaim(to))?.incoming?.files ?? [];
  await removeFilesIn(to, withUnfinished(brought.filter((path) => !wanted.has(path))));
}

/** Of an earlier run, also what it did not finish. */
async function broughtBytes({ to, files }: Bring): Promise<number> {
  const sizes = withUnfinished(files.map(({ path }) => path)).map((path) => statOf(join(to, path)));
  return (await Promise.all(sizes)).reduce((sum, found) => sum + (found?.size ?? 0), 0);
}

/** A copy has its name only after it was read back, and then it has the time of the original. File systems count that in
 *  steps of their own, so where it differs, the copy is compared anew. */
async function isBrought(source: string, target: string): Promise<boolean> {
  const there = await statOf(target);
  if (there === null) return false;
  const { size, mtimeMs } = await stat(source);
  if (there.size === size && Math.trunc(there.mtimeMs) === Math.trunc(mtimeMs)) return true;
  await rename(target, unfinishedCopy(target));
  return false;
}

async function statOf(file: string): Promise<Stats | null> {
  try {
    return await stat(file);
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}

/** A drive was pulled, or lets nothing be written: `library.folderGone` or `folder.unwritable` in place of what the system says. */
function asRefused(error: unknown, { from, to }: Pick<Move, 'from' | 'to'>): unknown {
  if (!(error instanceof Error) || !isOfSystem(error)) return error;
  const isOld = 'path' in error && String(error.path).startsWith(from);
  return isOld
    ? new AppError('library.folderGone', { folder: from }, { cause: error })
    : new AppError('folder.unwritable', { folder: to }, { cause: error });
}

/** A second name for the same bytes, where both folders are on one disk that can do that. A link of the user's in place of a
 *  file leads nowhere from another folder, so what it leads to is copied. */
async function linkTo(source: string, target: string): Promise<boolean> {
  if ((await lstat(source)).isSymbolicLink()) return false;
  await mkdir(dirname(target), { recursive: true });
  try {
    await link(source, target);
    await rm(unfinishedCopy(target), { force: true });
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && cannotLink.includes(String(error.code))) return false;
    throw error;
  }
}

const cannotLink = [
  'EXDEV',
  'EPERM',
  'ENOTSUP',
  'EOPNOTSUPP',
  'ENOSYS',
  'EMLINK',
  'EACCES',
  'EISDIR',
  'EINVAL',
  'UNKNOWN',
];
