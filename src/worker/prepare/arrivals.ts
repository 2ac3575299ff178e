import { AppError } from '../../shared/appError';
import type { ArrivedTensor, ArrivingJobs } from './arrivingJobs';

/** What is told of a checkpoint's tensors while they arrive, in the order in which it was told, from before its jobs are
 *  planned until they have ended. */
export class Arrivals {
  #jobs: ArrivingJobs | null = null;
  #start: () => void = () => undefined;
  #turn: Promise<unknown>;

  constructor() {
    this.#turn = new Promise<void>((resolve) => (this.#start = resolve));
  }

  /** What was told before is heard now. */
  begin(jobs: ArrivingJobs): void {
    this.#jobs = jobs;
    this.#start();
  }

  /** Resolves when all that was told has been done. What is told later has no effect. */
  async end(): Promise<void> {
    this.#start();
    await this.#turn;
    this.#jobs = null;
  }

  arrive = (tensors: readonly ArrivedTensor[]): Promise<void> => this.#tell((jobs) => jobs?.arrive(tensors));

  conclude = (): Promise<void> => this.#tell((jobs) => jobs?.conclude());

  /** Resolves as in `ArrivingJobs`; rejects when that cannot be done any more. */
  forget = (names: readonly string[]): Promise<void> =>
    this.#tell((jobs) => {
      if (!jobs) throw nothingArrives();
      return jobs.forget(names);
    });

  #tell(act: (jobs: ArrivingJobs | null) => void | Promise<void>): Promise<void> {
    const told = this.#turn.then(() => act(this.#jobs));
    this.#turn = Promise.allSettled([told]);
    return told;
  }
}

/** Of tensors that should be forgotten when nothing is prepared that could. */
export const nothingArrives = (): AppError => new AppError('prepare.failed', { reason: 'it has ended already' });
