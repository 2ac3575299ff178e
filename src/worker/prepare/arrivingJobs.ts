import path from 'node:path';
import type { FileJob } from './fileJob';
import { asAppError, removeFiles } from './inFolder';
import { JobQueue } from './jobQueue';
import type { Journal } from './journal';

/** Where a tensor's bytes lie now: perhaps in a file of its own. */
export type ArrivedTensor = { readonly name: string; readonly file: string; readonly offset: number };

type Options = {
  readonly folder: string;
  readonly jobs: readonly FileJob[];
  /** Knows the jobs that are done. */
  readonly journal: Journal;
};

/** Queues each job when its tensors have arrived. */
export class ArrivingJobs {
  readonly queue = new JobQueue();
  readonly #jobOf: ReadonlyMap<string, FileJob>;
  readonly #places = new Map<string, ArrivedTensor>();
  /** Files of jobs that were queued and not withdrawn. */
  readonly #queued = new Set<string>();
  #isConcluded = false;

  constructor(private readonly options: Options) {
    this.#jobOf = new Map(options.jobs.flatMap((job) => job.tensors.map(({ name }) => [name, job] as const)));
  }

  /** Whether a tensor of that name is ever read. */
  isRead = (name: string): boolean => this.#jobOf.has(name);

  arrive(tensors: readonly ArrivedTensor[]): void {
    for (const tensor of tensors) {
      const job = this.#jobOf.get(tensor.name);
      if (!job || this.#isDone(job) || this.#queued.has(job.file)) continue;
      this.#places.set(tensor.name, tensor);
      this.#queueIfReady(job);
    }
    this.#closeIfComplete();
  }

  /** Resolves when nothing is left of what was made of the tensors, and nobody reads them. */
  async forget(names: readonly string[]): Promise<void> {
    if (this.#isConcluded) throw new Error('tensors are to be forgotten that were said to be right');
    const jobs = new Set(names.flatMap((name) => this.#jobOf.get(name) ?? []));
    for (const name of names) this.#places.delete(name);
    for (const { file } of jobs) await this.queue.withdraw(file);
    const files = [...jobs].map(({ file }) => file);
    for (const file of files) this.#queued.delete(file);
    await this.#removeMade(files);
  }

  async #removeMade(files: readonly string[]): Promise<void> {
    const { folder, journal } = this.options;
    try {
      await journal.forget(files);
      await removeFiles(folder, files);
    } catch (error) {
      throw await asAppError(error, folder, () => 0);
    }
  }

  conclude(): void {
    this.#isConcluded = true;
    for (const job of this.options.jobs) if (!this.#isDone(job) && !this.#queued.has(job.file)) this.#queueIfReady(job);
    this.#closeIfComplete();
  }

  #isDone = ({ file }: FileJob): boolean => this.options.journal.isFinished(file);

  /** A file of several tensors waits for the end: if one of them were forgotten, the others would be needed again. */
  #queueIfReady(job: FileJob): void {
    if (job.tensors.length > 1 && !this.#isConcluded) return;
    const tensors = job.tensors.flatMap((tensor) => {
      const place = this.#places.get(tensor.name);
      return place ? [{ ...tensor, file: path.resolve(place.file), offset: place.offset }] : [];
    });
    if (tensors.length < job.tensors.length) return;
    this.#queued.add(job.file);
    this.queue.add({ ...job, tensors });
  }

  #closeIfComplete(): void {
    const isComplete = this.options.jobs.every((job) => this.#isDone(job) || this.#queued.has(job.file));
    if (this.#isConcluded && isComplete) this.queue.close();
  }
}
