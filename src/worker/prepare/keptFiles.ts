import { open } from 'node:fs/promises';
import path from 'node:path';
import type { FileJob } from './fileJob';
import type { Journal } from './journal';
import type { MadeFile } from './preparedManifest';

/** Brings files onto the disk and into the journal while others are being made. */
export class KeptFiles {
  readonly #kept: Promise<void>[] = [];
  readonly #added: Promise<void>[] = [];
  #isStopped = false;

  constructor(
    private readonly folder: string,
    private readonly journal: Journal,
  ) {}

  /** Resolves when that is done or has failed: `all` tells. */
  keep = async (job: FileJob, made: MadeFile | null): Promise<void> => {
    const kept = this.#keep(job, made);
    this.#kept.push(kept);
    await Promise.allSettled([kept]);
  };

  async all(): Promise<void> {
    await Promise.all(this.#kept);
  }

  /** After it nothing is added to the journal. Files that are still on their way to the disk are not waited for. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    await Promise.allSettled(this.#added);
  }

  async #keep({ file }: FileJob, made: MadeFile | null): Promise<void> {
    if (made !== null) await syncFile(path.join(this.folder, file));
    if (this.#isStopped) return;
    const added = this.journal.add(file, made);
    this.#added.push(added);
    await added;
  }
}

async function syncFile(file: string): Promise<void> {
  const handle = await open(file, 'r+');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
