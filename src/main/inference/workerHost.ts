import { setTimeout as sleep } from 'node:timers/promises';
import { AppError } from '../../shared/appError';
import type { WorkerInput, WorkerMethod, WorkerOutput } from '../../shared/workerProtocol';
import { restartDelayMs } from './restartPolicy';
import type { Wait } from './runningWorker';
import { RunningWorker } from './runningWorker';
import type { RequestOptions } from './workerClient';
import type { SpawnWorker } from './workerProcess';

type Options = {
  readonly spawn: SpawnWorker;
  readonly reportBug: (bug: unknown) => void;
  readonly wait?: Wait;
};

/** Longer than any step of a model that works, even on a slow disk. */
const longestSilenceMs = 30_000;

const defaultWait: Wait = (ms, signal) => sleep(ms, undefined, signal === undefined ? {} : { signal });

/**
 * The inference process: spawned when first needed, again after a crash (later each time), and at last only when the
 * user retries. A request that was running when it ended is rejected, never repeated.
 */
export class WorkerHost {
  readonly #spawn: SpawnWorker;
  readonly #reportBug: (bug: unknown) => void;
  readonly #wait: Wait;
  readonly #crashListeners = new Set<(exitCode: number) => void>();
  /** The process that runs or is about to; aborting `cancel` ends the wait before a spawn. */
  #current: { readonly worker: Promise<RunningWorker>; readonly cancel: AbortController } | null = null;
  #ending: Promise<void> = Promise.resolve();
  #failures = 0;

  constructor({ spawn, reportBug, wait = defaultWait }: Options) {
    this.#spawn = spawn;
    this.#reportBug = reportBug;
    this.#wait = wait;
  }

  async request<M extends WorkerMethod>(
    method: M,
    input: WorkerInput<M>,
    options: RequestOptions<M> = {},
  ): Promise<WorkerOutput<M>> {
    const worker = await this.#running();
    await worker.ready;
    return worker.client.request(method, input, options);
  }

  /** Calls back at each crash, before anyone who waits for an answer learns of it. */
  onCrash(listener: (exitCode: number) => void): void {
    this.#crashListeners.add(listener);
  }

  /** Kills the process if it sends no frame for half a minute while `work` is awaited: it hangs. */
  async killIfSilent(work: Promise<unknown>): Promise<void> {
    const done = new AbortController();
    const stop = (): void => done.abort();
    work.then(stop, stop); // how it ended is for others to hear
    const worker = await this.#current?.worker;
    await worker?.killIfSilent(longestSilenceMs, this.#wait, done.signal);
  }

  /** The user wants another try: the count of failures starts again. */
  retry(): void {
    this.#failures = 0;
  }

  /** Ends the process, which alone gives all its memory back. The next request spawns another. */
  end(): Promise<void> {
    const current = this.#current;
    if (current === null) return this.#ending;
    this.#current = null;
    current.cancel.abort();
    this.#ending = current.worker.then(
      (worker) => worker.end(this.#wait),
      () => undefined, // it was never spawned; whoever asked for it has the error
    );
    return this.#ending;
  }

  #running(): Promise<RunningWorker> {
    if (this.#current === null) {
      const cancel = new AbortController();
      const current = { worker: this.#start(cancel.signal), cancel };
      this.#current = current;
      current.worker.catch(() => this.#forget(current));
    }
    return this.#current.worker;
  }

  async #start(signal: AbortSignal): Promise<RunningWorker> {
    await this.#ending;
    const delayMs = this.#failures === 0 ? 0 : restartDelayMs(this.#failures);
    if (delayMs === null) throw new AppError('worker.unavailable');
    if (delayMs > 0) await this.#wait(delayMs, signal).catch(() => undefined);
    if (signal.aborted) throw new AppError('worker.ended');
    const worker: RunningWorker = new RunningWorker(this.#spawn(), {
      onTerminalFrame: () => (this.#failures = 0),
      onExit: ({ exitCode, wasAsked }) => {
        if (!wasAsked) this.#crashed(exitCode);
      },
      reportBug: this.#reportBug,
    });
    return worker;
  }

  #crashed(exitCode: number): void {
    this.#failures += 1;
    this.#current = null;
    for (const listener of this.#crashListeners) listener(exitCode);
  }

  #forget(current: object): void {
    if (this.#current === current) this.#current = null;
  }
}
