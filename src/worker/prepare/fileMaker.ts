import { setImmediate } from 'node:timers/promises';
import type { FileJob } from './fileJob';
import { makeFile, type JobContext } from './makeFile';
import type { MadeFile } from './preparedManifest';
import { startThread } from './startThread';
import { unpackError, type FromThread } from './threadMessages';

/** Someone who makes files, one at a time. */
export type FileMaker = {
  /** What `makeFile` gives. */
  readonly make: (job: FileJob) => Promise<MadeFile | null>;
  /** Rejects if the maker fails between two jobs. */
  readonly failed: Promise<never>;
  /** Ends it at once, whatever it does. */
  readonly end: () => Promise<unknown>;
};

/** Makes files in this thread, which does nothing else meanwhile. */
export function makerHere(context: JobContext): FileMaker {
  const end = new AbortController();
  return {
    async make(job) {
      await setImmediate(undefined, { signal: end.signal }); // a stop gets in
      return makeFile(job, context);
    },
    failed: new Promise(() => undefined),
    end: () => Promise.resolve(end.abort()),
  };
}

/** Makes files in a thread of its own. */
export function makerInThread({ folder, onBytes }: JobContext): FileMaker {
  const thread = startThread(folder);
  let settle: { resolve: (made: MadeFile | null) => void; reject: (error: unknown) => void } | undefined;
  thread.on('message', (message: FromThread) => {
    if (message.kind === 'bytes') onBytes(message.bytes);
    else if (message.kind === 'failed') settle?.reject(unpackError(message.failure));
    else settle?.resolve(message.made);
  });
  const failed = new Promise<never>((_, reject) => {
    thread.on('error', reject);
    thread.on('exit', (exitCode) => reject(new Error(`a thread ended with exit code ${exitCode}`)));
  });
  return {
    make: (job) =>
      new Promise((resolve, reject) => {
        settle = { resolve, reject };
        thread.postMessage(job);
      }),
    failed,
    end: () => thread.terminate(),
  };
}
