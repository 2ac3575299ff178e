import { parentPort, workerData } from 'node:worker_threads';
import { makeFile } from './makeFile';
import { packError, type FromThread, type ToThread } from './threadMessages';

// Whoever starts this thread gives it the folder, and then one job after the other.
const { folder } = workerData as { folder: string };
const port = parentPort;
if (port === null) throw new Error('prepareThread runs as a worker thread only');
const post = (message: FromThread): void => port.postMessage(message);

/** Progress in steps that someone may see. */
const stepBytes = 4 << 20;
let unreported = 0;

function report(bytes: number, atLeast: number): void {
  unreported += bytes;
  if (unreported < atLeast) return;
  post({ kind: 'bytes', bytes: unreported });
  unreported = 0;
}

port.on('message', (job: ToThread) => {
  try {
    const made = makeFile(job, { folder, onBytes: (bytes) => report(bytes, stepBytes) });
    report(0, 1);
    post({ kind: 'made', made });
  } catch (error) {
    post({ kind: 'failed', failure: packError(error) });
  }
});
