import { AppError } from '../../shared/appError';
import type { Installation, PauseReason } from '../../shared/library';
import { toWireError } from '../../shared/wireError';
import type { Clock } from '../download/clock';
import { mayPass } from '../download/mayPass';
import type { WorkerHost } from '../inference/workerHost';
import type { InstallReport } from './installWork';

export type JobRun = { readonly host: WorkerHost; readonly report: InstallReport; readonly signal: AbortSignal };

type Options = {
  readonly first: Pick<Installation, 'stage' | 'precision' | 'device' | 'keepsOriginals'>;
  /** Goes on from what is on the disk; resolves when all is done. */
  readonly run: (run: JobRun) => Promise<void>;
  readonly newHost: () => WorkerHost;
  readonly clock: Clock;
  readonly onChange: () => void;
  readonly onOrder: InstallReport['order'];
  /** Called once, when a run has done all there was to do. */
  readonly onDone: () => Promise<void>;
  readonly reportBug: (bug: unknown) => void;
};

/** Waits between tries to reach a source; the network may come back at any time, and then we are told. */
const offlineWaitsMs = [5_000, 15_000, 30_000, 60_000];
/** No source is believed that it needs more; a timer could not wait a month anyway. */
const longestWaitMs = 24 * 3_600_000;
/** A prepare process that dies more often than that will die again. */
const maxCrashes = 3;

/** One installation, copy or check: it runs, pauses with a reason, and goes on from what is on the disk. */
export class InstallJob {
  #state: Installation;
  /** Null while it does not run and will not by itself. */
  #current: { readonly abort: AbortController; readonly ended: Promise<void> } | null = null;
  /** Ends a wait for the network early. */
  #nudge = new AbortController();

  constructor(private readonly options: Options) {
    this.#state = {
      ...options.first,
      ...{ pause: null, error: null, source: null, doneBytes: 0, totalBytes: null, preparedBytes: 0 },
      ...{ bytesPerSecond: null, secondsLeft: null },
    };
  }

  get state(): Installation {
    return this.#state;
  }

  /** Runs, unless it does; where it waits for the network, it tries at once. */
  start(): void {
    if (this.#current !== null) return this.nudge();
    const abort = new AbortController();
    this.#set({ pause: null, error: null });
    const ended = this.#runUntilDone(abort.signal)
      .catch((error: unknown) => this.#stopped(error, abort.signal))
      .finally(() => (this.#current = null));
    this.#current = { abort, ended };
  }

  /** Ends what runs, and resolves when nothing is written any more. Without a reason it says nothing of it. */
  async stop(reason: PauseReason | null): Promise<void> {
    const current = this.#current;
    current?.abort.abort(new AppError('worker.ended'));
    await current?.ended;
    if (reason !== null) this.#set({ pause: reason, error: null });
  }

  /** The network or the computer is back: what waits for it does so no longer. */
  nudge(): void {
    this.#nudge.abort();
    this.#nudge = new AbortController();
  }

  async #runUntilDone(signal: AbortSignal): Promise<void> {
    const host = this.options.newHost();
    try {
      let [failures, crashes] = [0, 0];
      for (;;) {
        try {
          await this.options.run({ host, report: this.#report(), signal });
          break;
        } catch (error) {
          signal.throwIfAborted();
          if (isCrash(error) && ++crashes <= maxCrashes) continue; // the host waits before it spawns another
          if (pauseFor(error) !== 'offline') throw error;
          this.#set({ pause: 'offline', error: this.#wire(error), bytesPerSecond: null, secondsLeft: null });
          await this.#waitForNetwork(waitMs(error, failures++), signal);
          this.#set({ pause: null });
        }
      }
    } finally {
      await host.end();
    }
    await this.options.onDone();
  }

  async #waitForNetwork(ms: number, signal: AbortSignal): Promise<void> {
    const nudged = this.#nudge.signal;
    try {
      await this.options.clock.wait(ms, AbortSignal.any([signal, nudged]));
    } catch (error) {
      signal.throwIfAborted();
      if (!nudged.aborted) throw error;
    }
  }

  #stopped(error: unknown, signal: AbortSignal): void {
    if (signal.aborted) return; // whoever stopped it knows why
    this.#set({ pause: pauseFor(error), error: this.#wire(error), bytesPerSecond: null, secondsLeft: null });
  }

  #report = (): InstallReport => ({
    stage: (stage) => this.#set({ stage, error: null, bytesPerSecond: null, secondsLeft: null }),
    total: (totalBytes) => this.#set({ totalBytes }),
    done: (doneBytes) => this.#set({ doneBytes }),
    prepared: (preparedBytes) => this.#set({ preparedBytes }),
    download: ({ doneBytes, bytesPerSecond, secondsLeft, source, trouble }) =>
      this.#set({
        doneBytes: Math.max(doneBytes, 0),
        // The speed before the trouble says nothing of what is happening now.
        ...(trouble === null ? { bytesPerSecond, secondsLeft } : { bytesPerSecond: null, secondsLeft: null }),
        source: source ?? this.#state.source,
        error: trouble === null ? null : this.#wire(trouble),
      }),
    order: (order) => this.options.onOrder(order),
  });

  #set(change: Partial<Installation>): void {
    this.#state = { ...this.#state, ...change };
    this.options.onChange();
  }

  #wire = (error: unknown) => toWireError(error, this.options.reportBug);
}

const isCrash = (error: unknown): boolean => error instanceof AppError && error.code === 'worker.crashed';

/** A source that said when it may be asked again is not asked before. */
function waitMs(error: unknown, failures: number): number {
  const isLimit = error instanceof AppError && error.code === 'download.rateLimited';
  const askedMs = isLimit ? Math.min(Number(error.params['seconds']) * 1000, longestWaitMs) : 0;
  return Math.max(askedMs, offlineWaitsMs[Math.min(failures, offlineWaitsMs.length - 1)]!);
}

const diskFullCodes: readonly string[] = [
  'download.diskFull',
  'prepare.diskFull',
  'library.diskFull',
  'store.diskFull',
];

function pauseFor(error: unknown): PauseReason {
  if (!(error instanceof AppError)) return 'failed';
  if (mayPass(error)) return 'offline';
  return diskFullCodes.includes(error.code) ? 'diskFull' : 'failed';
}
