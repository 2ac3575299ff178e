import { link, mkdir, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { copyVerified, requireFreeBytes } from './copyVerified';
import { claim, type Claim, claimFile, readClaim } from './modelsFolder';
import { type OwnFile, totalBytes } from './ownFiles';
import { removeFiles, removeFilesIn } from './removeFiles';

type Move = {
  readonly from: string;
  readonly to: string;
  /** All that shall move, named from the models folder. */
  readonly files: readonly OwnFile[];
  readonly onProgress: (doneBytes: number, totalBytes: number) => void;
  /** Stores that the models lie in `to` now. A rejection means that it was not stored. */
  readonly switchOver: () => Promise<void>;
  /** Lets go of what is open in `from`. */
  readonly release: () => Promise<void>;
  readonly signal: AbortSignal;
};

/**
 * Moves models to another folder. At any kill they are whole in the folder that the settings name: first all is in the other
 * one, verified; then the settings change; then the first is emptied. `settleMove` ends what a kill interrupted.
 */
export async function moveModels({ switchOver, release, ...move }: Move): Promise<void> {
  const { from, to, files } = move;
  const paths = files.map(({ path }) => path);
  await claim(to, { incoming: { from, files: paths } });
  await claim(from, { outgoing: { to } });
  try {
    await bringAll(move);
    await switchOver();
  } catch (error) {
    await settleMove(from);
    throw error;
  }
  await release();
  await settleMove(to);
}

/** Ends a move that was interrupted: `folder`, which the settings name, holds all, and the other place gives up its files. */
export async function settleMove(folder: string): Promise<void> {
  const state = await readClaim(folder);
  if (state?.outgoing) {
    const { to } = state.outgoing;
    const other = await readClaim(to);
    if (other?.incoming?.from === folder) {
      const paths = other.incoming.files;
      await empty(to, other, [...paths, ...paths.map((path) => `${path}.new`)]);
    }
  }
  if (state?.incoming) {
    const { from, files } = state.incoming;
    const other = await readClaim(from);
    // Another drive may be there by now, with models of its own.
    if (other?.outgoing?.to === folder) await empty(from, other, files);
  }
  if (state?.outgoing || state?.incoming) await claim(folder);
}

/** Deletes the files of a move in one of its folders, and the folder if Deskmate made it and nothing else is in it. */
const empty = (folder: string, { isMade }: Claim, paths: readonly string[]): Promise<void> =>
  (isMade ? removeFiles : removeFilesIn)(folder, [...paths, claimFile]);

async function bringAll({ from, to, files, onProgress, signal }: Omit<Move, 'switchOver' | 'release'>): Promise<void> {
  const total = totalBytes(files);
  let done = 0;
  const onBytes = (bytes: number): void => onProgress((done += bytes), total);
  onProgress(0, total);
  if ((await stat(from)).dev !== (await stat(to)).dev) await requireFreeBytes(to, total);
  for (const { path, sizeBytes } of files) {
    signal.throwIfAborted();
    const [source, target] = [join(from, path), join(to, path)];
    if (await linkTo(source, target)) onBytes(sizeBytes);
    else await copyVerified({ from: source, to: target, onBytes, signal });
  }
}

/** A second name for the same bytes, where both folders are on one disk that can do that. */
async function linkTo(source: string, target: string): Promise<boolean> {
  await mkdir(dirname(target), { recursive: true });
  await rm(target, { force: true });
  try {
    await link(source, target);
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
