import { availableParallelism } from 'node:os';
import { setImmediate } from 'node:timers/promises';
import type { Worker } from 'node:worker_threads';
import { sourceBytesOf, type FileJob } from './fileJob';
import { makeFile } from './makeFile';
import type { MadeFile } from './preparedManifest';
import { startThread } from './startThread';
import { unpackError, type FromThread } from './threadMessages';

export type MakeFilesOptions = {
  readonly folder: string;
  readonly jobs: readonly FileJob[];
  readonly threads?: number;
  readonly signal?: AbortSignal;
  readonly onBytes: (bytes: number) => void;
  /** Called as soon as a file is written. Threads do not wait for the promise, which never rejects. */
  readonly onMade: (job: FileJob, made: MadeFile | null) => Promise<void>;
};

/** A thread needs up to 100 MB, and more than a few are faster than any disk. */
const mostThreads = 8;
/** Less work than that is done sooner than threads are started. */
const bytesForThreads = 64 << 20;

/** Makes files on all cores. Ends early with the first error, or with the signal's reason; nothing is running then. */
export async function makeFiles(options: MakeFilesOptions): Promise<void> {
  const { jobs } = options;
  const bytes = jobs.reduce((sum, job) => sum + sourceBytesOf(job), 0);
  const fitting = bytes < bytesForThreads ? 0 : Math.min(availableParallelism(), mostThreads);
  const threads = Math.min(options.threads ?? fitting, jobs.length);
  if (threads === 0) await makeHere(options);
  else await makeInThreads(options, threads);
}

async function makeHere({ folder, jobs, signal, onBytes, onMade }: MakeFilesOptions): Promise<void> {
  for (const job of jobs) {
    await setImmediate(); // a stop gets in
    signal?.throwIfAborted();
    await onMade(job, makeFile(job, { folder, onBytes }));
  }
  signal?.throwIfAborted();
}

async function makeInThreads(options: MakeFilesOptions, count: number): Promise<void> {
  options.signal?.throwIfAborted();
  const threads = Array.from({ length: count }, () => startThread(options.folder));
  const stop = new AbortController();
  try {
    const jobs = options.jobs.values();
    const working = threads.map((thread) => drive(thread, jobs, options));
    await Promise.race([Promise.all(working), aborted(options.signal, stop.signal)]);
  } finally {
    stop.abort();
    await Promise.all(threads.map((thread) => thread.terminate()));
  }
}

/** Gives a thread one job after the other until there are none. */
function drive(thread: Worker, jobs: Iterator<FileJob>, { onBytes, onMade }: MakeFilesOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    let job: FileJob;
    const next = () => {
      const step = jobs.next();
      if (step.done) return resolve();
      job = step.value;
      thread.postMessage(job);
    };
    thread.on('message', (message: FromThread) => {
      if (message.kind === 'bytes') return onBytes(message.bytes);
      if (message.kind === 'failed') return reject(unpackError(message.failure));
      void onMade(job, message.made);
      next();
    });
    thread.on('error', reject);
    thread.on('exit', (exitCode) => reject(new Error(`a thread ended with exit code ${exitCode}`)));
    next();
  });
}

/** Rejects when `signal` is aborted; `done` ends the waiting. */
function aborted(signal: AbortSignal | undefined, done: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    // An abort reason is whatever the aborting side chose; it is passed on as it is.
    const onAbort = () => reject(signal?.reason as Error);
    signal?.addEventListener('abort', onAbort, { once: true, signal: done });
  });
}
