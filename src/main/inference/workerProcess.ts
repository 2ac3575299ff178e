import type { ToWorker } from '../../shared/workerProtocol';

/** A process at the other end of a port; how it is spawned is no one else's business. */
export type WorkerProcess = {
  readonly post: (frame: ToWorker) => void;
  readonly onFrame: (listener: (frame: unknown) => void) => void;
  /** Calls back once, however the process ended. */
  readonly onExit: (listener: (exitCode: number) => void) => void;
  readonly kill: () => void;
};

/** What a process is for; each has a name in the system's task manager. */
export type WorkerRole = 'inference' | 'prepare' | 'probe';

export type SpawnWorker = () => WorkerProcess;
