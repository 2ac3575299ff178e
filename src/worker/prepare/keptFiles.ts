import path from 'node:path';
import { syncFile, syncFolder } from './durable';
import type { FileJob } from './fileJob';
import type { Journal } from './journal';
import type { MadeFile } from './preparedManifest';

/** Brings files onto the disk and into the journal while others are being made. */
export class KeptFiles {
  readonly #added = new Set<Promise<void>>();
  #isStopped = false;

  constructor(
    private readonly folder: string,
    private readonly journal: Journal,
  ) {}

  /** When this resolves a loss of power takes nothing of the file any more, unless `stop` was called before. */
  async keep({ file }: FileJob, made: MadeFile | null): Promise<void> {
    if (made !== null) {
      await syncFile(path.join(this.folder, file));
      await syncFolder(this.folder);
    }
    if (this.#isStopped) return;
    const added = this.journal.add(file, made);
    this.#added.add(added);
    await added;
    this.#added.delete(added);
  }

  /** After it nothing is added to the journal. Files that are still on their way to the disk are not waited for. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    await Promise.allSettled(this.#added);
  }
}
