import path from 'node:path';
import type { Precision } from '../../shared/precision';
import type { Checkpoint } from '../checkpoint/checkpoint';
import type { FloatType } from '../checkpoint/floatType';
import { sourceBytesOf, type FileJob } from './fileJob';
import { completeFolder, finishFolder } from './finishFolder';
import { requireFreeSpace } from './freeSpace';
import { graphOf } from './graphFile';
import { inFolder, removeFiles } from './inFolder';
import { intactFiles } from './intactFiles';
import { JobQueue } from './jobQueue';
import { Journal } from './journal';
import { KeptFiles } from './keptFiles';
import { fittingThreads, makeFiles } from './makeFiles';
import { planFiles, possibleFiles, tensorsOf, type PlannedFile } from './planFiles';
import { readPrepared, type PreparedFolder } from './preparedFolder';
import {
  graphFileName,
  identityOf,
  manifestFileName,
  weightFilesOf,
  type MadeFile,
  type PreparedIdentity,
} from './preparedManifest';
import { refuseForeignFiles } from './refuseForeignFiles';

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
  /** Whether the manifest says where the checkpoint lies, which the weights are of no use without. */
  namesCheckpoint?: boolean;
  /** As many as there are cores, unless tests want otherwise; 0 is this thread itself. */
  threads?: number;
};

/** Converts a checkpoint's weights into files, once, and builds the graph that points into them: later calls find them. The manifest
 *  comes last, so a folder with one is whole. A stop or a crash leaves the files that are whole, and the next call goes on from
 *  them; an error leaves none. Throws `prepare.diskFull`, `prepare.failed`, or a `checkpoint.` code that names the tensor. */
export async function prepareCheckpoint(options: PrepareOptions): Promise<PreparedFolder> {
  const { checkpoint, folder, signal } = options;
  const plan = planFiles(checkpoint, { ...options, isStandalone: false });
  const identity = identityOf(checkpoint.fingerprint, options);
  const bytesToWrite = () => sum(plan, ({ job }) => job.byteLength);
  return inFolder({ folder, signal, bytesToWrite }, async () => {
    const prepared = await readPrepared(folder, { identity, config: checkpoint.config });
    if (prepared === null) return makeFolder({ plan, identity, intact: {} }, options);
    const intact = options.isVerified ? await intactFiles(prepared, signal) : weightFilesOf(prepared.manifest);
    const isIntact = Object.keys(intact).length === Object.keys(weightFilesOf(prepared.manifest)).length;
    if (!isIntact) return makeFolder({ plan, identity, intact }, options);
    return completeFolder(prepared, { ...checkpoint, checkpointFolder: namedFolder(options) });
  });
}

const namedFolder = ({ checkpoint, namesCheckpoint }: PrepareOptions): string | null =>
  namesCheckpoint ? path.resolve(checkpoint.folder) : null;

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
  const graph = graphOf(checkpoint, { identity, tensors: tensorsOf(plan) });
  await refuseForeignFiles(folder);
  await removeFiles(folder, [graphFileName, manifestFileName]);
  const jobs = plan.map(({ job }) => job);
  const journal = await Journal.open({ folder, identity, jobs, known: intact });
  try {
    const useless = possible.filter((file) => !journal.isFinished(file));
    await removeFiles(folder, useless); // they hold space that the new ones need
    await makeMissing({ jobs, journal, graphBytes: graph.byteLength }, options);
    const { config } = checkpoint;
    return await finishFolder(folder, {
      plan,
      identity,
      journal,
      graph,
      config,
      checkpointFolder: namedFolder(options),
    });
  } catch (error) {
    if (!signal?.aborted) {
      await removeFiles(folder, possible);
      await journal.remove();
    }
    throw error;
  }
}

type Missing = { readonly jobs: readonly FileJob[]; readonly journal: Journal; readonly graphBytes: number };

async function makeMissing({ jobs, journal, graphBytes }: Missing, options: PrepareOptions): Promise<void> {
  const { folder, signal, onProgress } = options;
  const missing = jobs.filter(({ file }) => !journal.isFinished(file));
  await requireFreeSpace(folder, graphBytes + sum(missing, ({ byteLength }) => byteLength));
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
