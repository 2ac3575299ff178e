import { availableParallelism } from 'node:os';
import type { FileJob } from './fileJob';
import { makerHere, makerInThread, type FileMaker } from './fileMaker';
import type { JobQueue } from './jobQueue';
import type { MadeFile } from './preparedManifest';

export type MakeFilesOptions = {
  readonly folder: string;
  readonly jobs: JobQueue;
  /** 0 is this thread itself. */
  readonly threads: number;
  readonly signal?: AbortSignal;
  readonly onBytes: (bytes: number) => void;
  /** Called as soon as a file is written, to bring it to the disk. */
  readonly onMade: (job: FileJob, made: MadeFile | null) => Promise<void>;
};

/** A thread needs up to 100 MB, and more than a few are faster than any disk. */
const mostThreads = 8;
/** Less work than that is done sooner than threads are started. */
const bytesForThreads = 64 << 20;

/** How many threads so many bytes of a checkpoint are worth. */
export const fittingThreads = (bytes: number): number =>
  bytes < bytesForThreads ? 0 : Math.min(availableParallelism(), mostThreads);

/** Makes files until the queue is closed and empty. Ends early with the first error, or with the signal's reason; nothing is
 *  running then. */
export async function makeFiles(options: MakeFilesOptions): Promise<void> {
  const { jobs, threads, signal } = options;
  signal?.throwIfAborted();
  const makers = threads === 0 ? [makerHere(options)] : Array.from({ length: threads }, () => makerInThread(options));
  const stop = new AbortController();
  try {
    const working = makers.map((maker) => work(maker, options, stop.signal));
    await Promise.race([Promise.all(working), aborted(signal, stop.signal)]);
  } finally {
    stop.abort();
    await Promise.all(makers.map((maker) => maker.end()));
    jobs.stop();
  }
}

/** Gives a maker one job after the other until there are none. While one is being made, the one before is brought to the
 *  disk. What becomes of a job that was withdrawn is nobody's business. */
function work(maker: FileMaker, { jobs, onMade }: MakeFilesOptions, stop: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    maker.failed.catch(reject);
    const keep = async (job: FileJob, made: MadeFile | null) => {
      if (jobs.isWanted(job)) await onMade(job, made);
      jobs.end(job);
    };
    const drive = async () => {
      let kept = Promise.resolve();
      for (let job = await jobs.next(); job !== null && !stop.aborted; job = await jobs.next()) {
        const made = await maker.make(job).catch(failureOf(job, jobs));
        await kept;
        kept = keep(job, made);
        kept.catch(reject); // perhaps long before the next job comes
      }
      await kept;
    };
    drive().then(resolve, reject);
  });
}

const failureOf =
  (job: FileJob, jobs: JobQueue) =>
  (error: unknown): null => {
    if (jobs.isWanted(job)) throw error;
    return null;
  };

/** Rejects when `signal` is aborted; `done` ends the waiting. */
function aborted(signal: AbortSignal | undefined, done: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    // An abort reason is whatever the aborting side chose; it is passed on as it is.
    const onAbort = () => reject(signal?.reason as Error);
    signal?.addEventListener('abort', onAbort, { once: true, signal: done });
  });
}
