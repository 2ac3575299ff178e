import type { FileJob } from './fileJob';

/** Jobs for whoever is free, who may have to wait for them to come. A job can be withdrawn as long as its end was not told. */
export class JobQueue {
  readonly #waiting: FileJob[] = [];
  readonly #takers: ((job: FileJob | null) => void)[] = [];
  readonly #taken = new Map<string, { isWithdrawn: boolean; onEnd: (() => void)[] }>();
  #isClosed = false;

  add(...jobs: readonly FileJob[]): void {
    for (const job of jobs) {
      const taker = this.#takers.shift();
      if (taker) taker(this.#take(job));
      else this.#waiting.push(job);
    }
  }

  /** No more jobs will be added. */
  close(): void {
    this.#isClosed = true;
    for (const taker of this.#takers.splice(0)) taker(null);
  }

  /** The next job, or null when there will be none. */
  next(): Promise<FileJob | null> {
    const job = this.#waiting.shift();
    if (job) return Promise.resolve(this.#take(job));
    if (this.#isClosed) return Promise.resolve(null);
    return new Promise((resolve) => this.#takers.push(resolve));
  }

  /** Whether what becomes of a job that was taken still counts. */
  isWanted = ({ file }: FileJob): boolean => this.#taken.get(file)?.isWithdrawn === false;

  /** Whoever took the job is done with it. */
  end({ file }: FileJob): void {
    const taken = this.#taken.get(file);
    this.#taken.delete(file);
    for (const resolve of taken?.onEnd ?? []) resolve();
  }

  /** Nobody takes jobs any more, or works on one. */
  stop(): void {
    this.close();
    this.#waiting.length = 0;
    for (const { onEnd } of this.#taken.values()) for (const resolve of onEnd) resolve();
    this.#taken.clear();
  }

  /** Takes a job back. If someone works on it, that counts no longer, and is over when this resolves. */
  async withdraw(file: string): Promise<void> {
    const index = this.#waiting.findIndex((job) => job.file === file);
    if (index >= 0) this.#waiting.splice(index, 1);
    const taken = this.#taken.get(file);
    if (!taken) return;
    taken.isWithdrawn = true;
    await new Promise<void>((resolve) => taken.onEnd.push(resolve));
  }

  #take(job: FileJob): FileJob {
    this.#taken.set(job.file, { isWithdrawn: false, onEnd: [] });
    return job;
  }
}
