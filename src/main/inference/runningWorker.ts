import { AppError } from '../../shared/appError';
import { FromWorker, workerProtocolVersion } from '../../shared/workerProtocol';
import { WorkerClient } from './workerClient';
import type { WorkerProcess } from './workerProcess';

export type Wait = (ms: number, signal?: AbortSignal) => Promise<void>;

type Watcher = {
  /** Called before anyone who waits for an answer learns of the end. */
  readonly onExit: (exit: { exitCode: number; wasAsked: boolean }) => void;
  readonly onTerminalFrame: () => void;
  readonly reportBug: (bug: unknown) => void;
};

const shutdownMs = 1_000;

/** One process from spawn to exit. */
export class RunningWorker {
  readonly client: WorkerClient;
  /** Settles once requests may be sent; rejects with `worker.crashed` if the process ends before. */
  readonly ready: Promise<void>;
  readonly #exited: Promise<unknown>;
  #wasAsked = false;
  #frames = 0;

  constructor(
    private readonly process: WorkerProcess,
    private readonly watcher: Watcher,
  ) {
    this.client = new WorkerClient((frame) => process.post(frame));
    this.#exited = new Promise((resolve) => process.onExit(resolve));
    this.ready = new Promise((resolve, reject) => {
      process.onFrame((frame) => this.#take(frame, resolve));
      process.onExit((exitCode) => {
        const error = this.#exitError(exitCode);
        watcher.onExit({ exitCode, wasAsked: this.#wasAsked });
        reject(error);
        this.client.close(error);
      });
    });
    this.ready.catch(() => undefined); // whoever awaits it hears of it; if nobody does, onExit has told
  }

  /** Kills the process if it sends nothing for so long: it hangs, and its end is a crash like any other. */
  async killIfSilent(forMs: number, wait: Wait, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const before = this.#frames;
      await Promise.race([this.#exited, wait(forMs, signal).catch(() => undefined)]); // aborted: nobody waits any more
      if (signal.aborted || this.#frames !== before) continue;
      return this.process.kill();
    }
  }

  /** Asks the process to end, and makes it end after a second. What is pending is rejected at once. */
  async end(wait: Wait): Promise<void> {
    this.#wasAsked = true;
    this.client.close(new AppError('worker.ended'));
    this.process.post({ kind: 'shutdown' });
    if (await this.#exitsWithin(wait)) return;
    this.process.kill();
    if (!(await this.#exitsWithin(wait))) this.watcher.reportBug(new Error('The worker survived being killed.'));
  }

  #exitsWithin(wait: Wait): Promise<boolean> {
    const timer = new AbortController();
    const timeout = wait(shutdownMs, timer.signal).then(
      () => false,
      () => true, // the timer was stopped: the process has exited
    );
    return Promise.race([this.#exited.then(() => true), timeout]).finally(() => timer.abort());
  }

  #exitError = (exitCode: number): AppError =>
    this.#wasAsked ? new AppError('worker.ended') : new AppError('worker.crashed', { exitCode });

  #take(raw: unknown, onReady: () => void): void {
    this.#frames += 1;
    try {
      const ready = FromWorker.options[0].safeParse(raw);
      if (!ready.success) {
        if (this.client.receive(raw)) this.watcher.onTerminalFrame();
      } else if (ready.data.protocolVersion === workerProtocolVersion) {
        onReady();
      } else {
        throw new Error(`The worker speaks protocol ${ready.data.protocolVersion}, not ${workerProtocolVersion}.`);
      }
    } catch (error) {
      this.watcher.reportBug(error);
    }
  }
}
