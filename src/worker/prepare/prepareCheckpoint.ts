import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { AppError } from '../../shared/appError';
import type { Precision } from '../../shared/precision';
import type { Checkpoint } from '../checkpoint/checkpoint';
import type { FloatType } from '../checkpoint/floatType';
import { sourceBytesOf, type FileJob } from './fileJob';
import { lockFolder } from './folderLock';
import { missingBytes, requireFreeSpace } from './freeSpace';
import { Journal } from './journal';
import { KeptFiles } from './keptFiles';
import { makeFiles } from './makeFiles';
import { planFiles, possibleFiles, type PlannedFile } from './planFiles';
import { readPrepared, writeManifest, type PreparedFolder } from './preparedFolder';
import { engineVersion, manifestFileName, type PreparedIdentity, type PreparedManifest } from './preparedManifest';

export type PrepareOptions = {
  checkpoint: Checkpoint;
  /** Takes the files; made if it is not there. */
  folder: string;
  precision: Precision;
  floatType: FloatType;
  signal?: AbortSignal;
  /** Told after each few rows: bytes of the checkpoint done, of all there are; what an earlier run did counts as done. */
  onProgress?: (done: number, total: number) => void;
  /** As many as there are cores, unless tests want otherwise; 0 is this thread itself. */
  threads?: number;
};

/** Converts a checkpoint's weights into files that the graph points into, once: later calls find them. The manifest comes
 *  last, so a folder with one is whole. A stop or a crash leaves the files that are whole, and the next call goes on from
 *  them; an error leaves none. Throws `prepare.diskFull`, `prepare.failed`, or a `checkpoint.` code that names the tensor. */
export async function prepareCheckpoint(options: PrepareOptions): Promise<PreparedFolder> {
  const { checkpoint, folder, signal } = options;
  const plan = planFiles(checkpoint, options);
  const identity = identityOf(options);
  try {
    await mkdir(folder, { recursive: true });
    const unlock = await lockFolder(folder, signal);
    try {
      return (await readPrepared(folder, identity)) ?? (await makeFolder(plan, identity, options));
    } finally {
      await unlock();
    }
  } catch (error) {
    signal?.throwIfAborted();
    throw await asAppError(error, { folder, bytes: sum(plan, ({ job }) => job.byteLength) });
  }
}

/** Bytes of the checkpoint that preparing it reads: the total of its progress. */
export const sourceBytes = (options: Pick<PrepareOptions, 'checkpoint' | 'precision' | 'floatType'>): number =>
  sum(planFiles(options.checkpoint, options), ({ job }) => sourceBytesOf(job));

const identityOf = ({ checkpoint, precision, floatType }: PrepareOptions): PreparedIdentity => ({
  formatVersion: 2,
  engineVersion,
  source: checkpoint.fingerprint,
  precision,
  floatType,
});

async function makeFolder(
  plan: readonly PlannedFile[],
  identity: PreparedIdentity,
  options: PrepareOptions,
): Promise<PreparedFolder> {
  const { checkpoint, folder, signal } = options;
  await rm(path.join(folder, manifestFileName), { force: true });
  const jobs = plan.map(({ job }) => job);
  const journal = await Journal.open(folder, identity, jobs);
  try {
    await removeFiles(options, journal.isFinished); // they hold space that the new ones need
    await makeMissing(jobs, journal, options);
    const manifest = manifestOf(plan, identity, journal);
    await writeManifest(folder, manifest);
    await journal.remove();
    return { folder, manifest };
  } catch (error) {
    if (!signal?.aborted) {
      await removeFiles({ checkpoint, folder }, () => false);
      await journal.remove();
    }
    throw error;
  }
}

async function makeMissing(jobs: readonly FileJob[], journal: Journal, options: PrepareOptions): Promise<void> {
  const { folder, signal, threads, onProgress } = options;
  const missing = jobs.filter(({ file }) => !journal.isFinished(file));
  await requireFreeSpace(
    folder,
    sum(missing, ({ byteLength }) => byteLength),
  );
  const total = sum(jobs, sourceBytesOf);
  let done = total - sum(missing, sourceBytesOf);
  const kept = new KeptFiles(folder, journal);
  try {
    await makeFiles({
      ...{ folder, jobs: missing, ...(threads !== undefined && { threads }), ...(signal && { signal }) },
      onBytes: (bytes) => onProgress?.((done += bytes), total),
      onMade: kept.keep,
    });
    await kept.all();
  } finally {
    await kept.stop();
  }
}

/** The order is the plan's, whichever file was made first: the same weights give the same manifest. */
function manifestOf(plan: readonly PlannedFile[], identity: PreparedIdentity, journal: Journal): PreparedManifest {
  const files = plan.flatMap(({ job: { file, byteLength } }) => {
    const made = journal.madeFile(file);
    return made ? [[file, { byteLength, ...made }] as const] : [];
  });
  const tensors = plan.flatMap((file) => Object.entries(file.tensors));
  return { identity, files: Object.fromEntries(files), tensors: Object.fromEntries(tensors) };
}

type Place = Pick<PrepareOptions, 'checkpoint' | 'folder'>;

/** Removes what this or another precision may have left, and nothing else that is in the folder. */
async function removeFiles({ checkpoint, folder }: Place, isKept: (file: string) => boolean): Promise<void> {
  for (const file of possibleFiles(checkpoint)) if (!isKept(file)) await rm(path.join(folder, file), { force: true });
}

async function asAppError(error: unknown, { folder, bytes }: { folder: string; bytes: number }): Promise<unknown> {
  const code = error instanceof Error && 'syscall' in error && 'code' in error ? error.code : undefined;
  if (typeof code !== 'string') return error; // not of the operating system
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    const missing = Math.max(await missingBytes(folder, bytes), 1); // a quota is no matter of the disk
    return new AppError('prepare.diskFull', { folder, bytes: missing }, { cause: error });
  }
  return new AppError('prepare.failed', { reason: `${code} in ${folder}` }, { cause: error });
}

const sum = <T>(items: readonly T[], of: (item: T) => number): number =>
  items.reduce((total, item) => total + of(item), 0);
