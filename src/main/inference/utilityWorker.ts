import { utilityProcess } from 'electron';
import { killProcess } from './killProcess';
import { workerEnvironment } from './workerEnvironment';
import type { WorkerProcess, WorkerRole } from './workerProcess';

type Options = {
  /** The worker's program. */
  readonly program: string;
  /** Takes what the process writes to stdout and stderr. */
  readonly takeOutput: (chunk: string) => void;
};

const serviceNames: Record<WorkerRole, string> = {
  inference: 'Deskmate inference',
  prepare: 'Deskmate prepare',
  probe: 'Deskmate GPU probe',
};

/** The worker in an Electron utility process: a process of its own, seen by its name in the task manager. */
export const utilityWorker =
  ({ program, takeOutput }: Options) =>
  (role: WorkerRole): WorkerProcess => {
    const child = utilityProcess.fork(program, [], {
      serviceName: serviceNames[role],
      stdio: 'pipe',
      env: workerEnvironment(process.env),
    });
    for (const output of [child.stdout, child.stderr]) {
      output?.setEncoding('utf8');
      output?.on('data', takeOutput);
    }
    return {
      post: (frame) => child.postMessage(frame),
      onFrame: (listener) => void child.on('message', listener),
      onExit: (listener) => void child.on('exit', listener),
      kill: () => killProcess(child.pid),
    };
  };
