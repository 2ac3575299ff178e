import type { Precision } from '../../shared/precision';
import type { Checkpoint } from '../checkpoint/checkpoint';
import type { FloatType } from '../checkpoint/floatType';
import type { Arrivals } from './arrivals';
import { ArrivingJobs } from './arrivingJobs';
import { sourceBytesOf, type FileJob } from './fileJob';
import { completeFolder, finishFolder } from './finishFolder';
import { graphOf } from './graphFile';
import { inFolder, removeFiles } from './inFolder';
import { Journal } from './journal';
import { KeptFiles } from './keptFiles';
import { fittingThreads, makeFiles } from './makeFiles';
import { planFiles, possibleFiles, tensorsOf, type PlannedFile } from './planFiles';
import { embeddingOf, readPrepared, type PreparedFolder } from './preparedFolder';
import { identityOf, manifestFileName, weightFilesOf, type PreparedIdentity } from './preparedManifest';

/** Tensors whose files are no longer read, and bytes of the checkpoint that are done, of all there are. */
export type DoneTensors = { tensors: string[]; doneBytes: number; totalBytes: number };

export type ArrivingOptions = {
  /** What it will be; nobody reads its shards. */
  checkpoint: Pick<Checkpoint, 'config' | 'tensors' | 'fingerprint'>;
  /** Takes the files; made if it is not there. */
  folder: string;
  precision: Precision;
  floatType: FloatType;
  /** Whether the folder will do without the shards, and takes the embedding along. */
  isStandalone: boolean;
  arrivals: Arrivals;
  signal?: AbortSignal;
  /** First with what an earlier run did, then as tensors are on the disk in their new form. */
  onDone: (done: DoneTensors) => void;
  /** As many as there are cores, unless tests want otherwise; 0 is this thread itself. */
  threads?: number;
};

/** Does what `prepareCheckpoint` does, byte for byte, with tensors that arrive one by one. However it ends, what is on the disk
 *  stays, and the next call goes on from it. */
export async function prepareArriving(options: ArrivingOptions): Promise<PreparedFolder> {
  const { checkpoint, folder, isStandalone, arrivals, signal, onDone } = options;
  const plan = planFiles(checkpoint, options);
  const jobs = plan.map(({ job }) => job);
  const identity = identityOf(checkpoint.fingerprint, options);
  let journal: Journal | null = null;
  const bytesToWrite = () =>
    jobs.reduce((sum, { file, byteLength }) => sum + (journal?.isFinished(file) ? 0 : byteLength), 0);
  try {
    return await inFolder({ folder, signal, bytesToWrite }, async () => {
      const prepared = await readPrepared(folder, { identity, config: checkpoint.config });
      if (prepared && (!isStandalone || embeddingOf(prepared, checkpoint.config))) {
        onDone({ ...progressOf(jobs, () => true), tensors: [...checkpoint.tensors.keys()] });
        return await completeFolder(prepared, { ...checkpoint, checkpointFolder: null });
      }
      const known = prepared ? weightFilesOf(prepared.manifest) : {};
      journal = await Journal.open({ folder, identity, jobs, known });
      return await makeFolder({ plan, identity, journal }, options);
    });
  } finally {
    await arrivals.end();
  }
}

type Making = { plan: readonly PlannedFile[]; identity: PreparedIdentity; journal: Journal };

async function makeFolder(making: Making, options: ArrivingOptions): Promise<PreparedFolder> {
  const { checkpoint, folder } = options;
  const { plan, identity, journal } = making;
  const removeUnfinished = () =>
    removeFiles(
      folder,
      possibleFiles(checkpoint).filter((file) => !journal.isFinished(file)),
    );
  await removeFiles(folder, [manifestFileName]);
  await removeUnfinished(); // they hold space that the new ones need
  try {
    await makeAsTheyArrive(making, options);
  } catch (error) {
    await removeUnfinished();
    throw error;
  }
  const graph = graphOf(checkpoint, { identity, tensors: tensorsOf(plan) });
  return finishFolder(folder, { ...making, graph, config: checkpoint.config, checkpointFolder: null });
}

async function makeAsTheyArrive({ plan, journal }: Making, options: ArrivingOptions): Promise<void> {
  const isDone = ({ file }: FileJob) => journal.isFinished(file);
  const { checkpoint, folder, arrivals, signal, onDone } = options;
  const jobs = plan.map(({ job }) => job);
  const arriving = new ArrivingJobs({ folder, jobs, journal });
  const first = progressOf(jobs, isDone);
  const unread = [...checkpoint.tensors.keys()].filter((name) => !arriving.isRead(name));
  const kept = new KeptFiles(folder, journal);
  onDone({ ...first, tensors: [...unread, ...first.tensors] });
  arrivals.begin(arriving);
  try {
    await makeFiles({
      folder,
      jobs: arriving.queue,
      threads: options.threads ?? fittingThreads(first.totalBytes),
      ...(signal && { signal }),
      onBytes: () => undefined,
      async onMade(job, made) {
        await kept.keep(job, made);
        if (!isDone(job) || !arriving.queue.isWanted(job)) return;
        onDone({ ...progressOf(jobs, isDone), tensors: job.tensors.map(({ name }) => name) });
      },
    });
  } finally {
    await arrivals.end();
    await kept.stop();
  }
}

function progressOf(jobs: readonly FileJob[], isDone: (job: FileJob) => boolean): DoneTensors {
  const bytesOf = (some: readonly FileJob[]) => some.reduce((sum, job) => sum + sourceBytesOf(job), 0);
  const done = jobs.filter(isDone);
  const tensors = done.flatMap((job) => job.tensors.map(({ name }) => name));
  return { tensors, doneBytes: bytesOf(done), totalBytes: bytesOf(jobs) };
}
