import { fork } from 'node:child_process';
import { constants } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { killProcess } from './killProcess';
import type { WorkerProcess } from './workerProcess';

const source = join(import.meta.dirname, '../..');
const port = pathToFileURL(join(import.meta.dirname, 'parentPort.test-support.mjs')).href;

/** The worker itself, in a process of Node's: only Electron is missing. */
export const realWorker = () => workerWith({});

/** With variables of its own. */
export function workerWith(
  environment: Readonly<Record<string, string>>,
): WorkerProcess & { readonly pid: number | undefined } {
  const child = fork(join(source, 'worker/index.ts'), {
    execArgv: ['--import', 'tsx', '--import', port],
    env: { ...process.env, ...environment },
  });
  return {
    pid: child.pid,
    post: (frame) => void (child.connected && child.send(frame)),
    onFrame: (listener) => void child.on('message', listener),
    onExit: (listener) =>
      void child.on('exit', (code, signal) => listener(code ?? 128 + constants.signals[signal ?? 'SIGKILL'])),
    kill: () => killProcess(child.pid),
  };
}
