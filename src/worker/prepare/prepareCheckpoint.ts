import type { Precision } from '../../shared/precision';
import type { Checkpoint } from '../checkpoint/checkpoint';
import type { FloatType } from '../checkpoint/floatType';
import { sourceBytesOf, type FileJob } from './fileJob';
import { requireFreeSpace } from './freeSpace';
import { inFolder, removeFiles } from './inFolder';
import { intactFiles } from './intactFiles';
import { JobQueue } from './jobQueue';
import { Journal } from './journal';
import { KeptFiles } from './keptFiles';
import { fittingThreads, makeFiles } from './makeFiles';
import { planFiles, possibleFiles, type PlannedFile } from './planFiles';
import { finishFolder, readPrepared, refuseForeignManifest, type PreparedFolder } from './preparedFolder';
import { identityOf, manifestFileName, type MadeFile, type PreparedIdentity } from './preparedManifest';

export type PrepareOptions = {
  checkpoint: Checkpoint;
  /** Takes the files; made if it is not there. */
  folder: string;
  precision: Precision;
  floatType: FloatType;
  signal?: AbortSignal;
  /** Told after each few rows: bytes of the checkpoint done, of all there are; what an earlier run did counts as done. */
  onProgress?: (done: number, total: number) => void;
  /** Whether files of a whole folder are read and made anew where they are not what the manifest says. Otherwise their sizes
   *  must do: opening a model must not take as long as reading it. */
  isVerified?: boolean;
  /** As many as there are cores, unless tests want otherwise; 0 is this thread itself. */
  threads?: number;
};

/** Converts a checkpoint's weights into files that the graph points into, once: later calls find them. The manifest comes
 *  last, so a folder with one is whole. A stop or a crash leaves the files that are whole, and the next call goes on from
 *  them; an error leaves none. Throws `prepare.diskFull`, `prepare.failed`, or a `checkpoint.` code that names the tensor. */
export async function prepareCheckpoint(options: PrepareOptions): Promise<PreparedFolder> {
  const { checkpoint, folder, signal } = options;
  const plan = planFiles(checkpoint, { ...options, isStandalone: false });
  const identity = identityOf(checkpoint.fingerprint, options);
  const bytesToWrite = () => sum(plan, ({ job }) => job.byteLength);
  return inFolder({ folder, signal, bytesToWrite }, async () => {
    const prepared = await readPrepared(folder, identity);
    if (prepared === null) return makeFolder({ plan, identity, intact: {} }, options);
    if (!options.isVerified) return prepared;
    const intact = await intactFiles(prepared, signal);
    const isIntact = Object.keys(intact).length === Object.keys(prepared.manifest.files).length;
    return isIntact ? prepared : makeFolder({ plan, identity, intact }, options);
  });
}

/** Bytes of the checkpoint that preparing it reads: the total of its progress. */
export const sourceBytes = (options: Pick<PrepareOptions, 'checkpoint' | 'precision' | 'floatType'>): number =>
  sum(planFiles(options.checkpoint, { ...options, isStandalone: false }), ({ job }) => sourceBytesOf(job));

type Making = {
  readonly plan: readonly PlannedFile[];
  readonly identity: PreparedIdentity;
  /** Files that are there already. */
  readonly intact: Readonly<Record<string, MadeFile>>;
};

async function makeFolder({ plan, identity, intact }: Making, options: PrepareOptions): Promise<PreparedFolder> {
  const { checkpoint, folder, signal } = options;
  const possible = possibleFiles(checkpoint); // at this or another precision
  await refuseForeignManifest(folder);
  await removeFiles(folder, [manifestFileName]);
  const jobs = plan.map(({ job }) => job);
  const journal = await Journal.open({ folder, identity, jobs, known: intact });
  try {
    const useless = possible.filter((file) => !journal.isFinished(file));
    await removeFiles(folder, useless); // they hold space that the new ones need
    await makeMissing(jobs, journal, options);
    return await finishFolder(folder, { plan, identity, journal });
  } catch (error) {
    if (!signal?.aborted) {
      await removeFiles(folder, possible);
      await journal.remove();
    }
    throw error;
  }
}

async function makeMissing(jobs: readonly FileJob[], journal: Journal, options: PrepareOptions): Promise<void> {
  const { folder, signal, onProgress } = options;
  const missing = jobs.filter(({ file }) => !journal.isFinished(file));
  await requireFreeSpace(
    folder,
    sum(missing, ({ byteLength }) => byteLength),
  );
  const total = sum(jobs, sourceBytesOf);
  const missingBytes = sum(missing, sourceBytesOf);
  let done = total - missingBytes;
  const queue = new JobQueue();
  queue.add(...missing);
  queue.close();
  const kept = new KeptFiles(folder, journal);
  try {
    await makeFiles({
      folder,
      jobs: queue,
      threads: Math.min(options.threads ?? fittingThreads(missingBytes), missing.length),
      ...(signal && { signal }),
      onBytes: (bytes) => onProgress?.((done += bytes), total),
      onMade: (job, made) => kept.keep(job, made),
    });
  } finally {
    await kept.stop();
  }
}

const sum = <T>(items: readonly T[], of: (item: T) => number): number =>
  items.reduce((total, item) => total + of(item), 0);
