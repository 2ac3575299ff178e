import { rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { readRegularFile } from '../checkpoint/regularFile';
import { appendLine, replaceFile } from './durable';
import type { FileJob } from './fileJob';
import { MadeFile, PreparedIdentity } from './preparedManifest';

export const journalFileName = 'journal.jsonl';

/** Null for a job that only checked. */
const Entry = z.object({ file: z.string(), made: MadeFile.nullable() });
type Entry = z.infer<typeof Entry>;

/** Which files of an unfinished folder are whole: a line for each, written once its bytes are on the disk. */
export class Journal {
  readonly #finished = new Map<string, MadeFile | null>();
  #turn: Promise<void> = Promise.resolve();

  private constructor(
    private readonly path: string,
    private readonly identity: PreparedIdentity,
  ) {}

  /** Reads what an earlier run left, adds `known` files, and forgets what belongs to another identity or is not as long as it
   *  must be. */
  static async open({ folder, identity, jobs, known = {} }: JournalOptions): Promise<Journal> {
    const journal = new Journal(path.join(folder, journalFileName), identity);
    const entries = Object.entries(known).map(([file, made]) => ({ file, made: MadeFile.parse(made) }));
    for (const { file, made } of [...(await readEntries(journal.path, identity)), ...entries]) {
      const job = jobs.find((candidate) => candidate.file === file);
      if (job && (await isWhole(folder, job, made))) journal.#finished.set(file, made);
    }
    await journal.#rewrite();
    return journal;
  }

  isFinished = (file: string): boolean => this.#finished.has(file);
  madeFile = (file: string): MadeFile | null => this.#finished.get(file) ?? null;

  add(file: string, made: MadeFile | null): Promise<void> {
    return this.#inTurn(async () => {
      await appendLine(this.path, lineOf({ file, made }));
      this.#finished.set(file, made);
    });
  }

  /** The files are to be made anew. */
  forget(files: readonly string[]): Promise<void> {
    return this.#inTurn(async () => {
      for (const file of files) this.#finished.delete(file);
      await this.#rewrite();
    });
  }

  remove = (): Promise<void> => rm(this.path, { force: true });

  /** A line that is added while the file is replaced would be lost, and so would one behind a line that was cut short: after a
   *  failure all fail. */
  #inTurn(write: () => Promise<void>): Promise<void> {
    this.#turn = this.#turn.then(write);
    return this.#turn;
  }

  /** A last line that a kill cut short must not be continued by the next one. */
  async #rewrite(): Promise<void> {
    const entries = [...this.#finished].map(([file, made]) => lineOf({ file, made }));
    await replaceFile(this.path, [lineOf(this.identity), ...entries].join(''));
  }
}

type JournalOptions = {
  readonly folder: string;
  readonly identity: PreparedIdentity;
  readonly jobs: readonly FileJob[];
  /** By their names. */
  readonly known?: Readonly<Record<string, MadeFile>>;
};

const lineOf = (value: PreparedIdentity | Entry): string => `${JSON.stringify(value)}\n`;

async function readEntries(file: string, identity: PreparedIdentity): Promise<Entry[]> {
  const [head, ...lines] = (await readIfThere(file)).split('\n').map(parseLine);
  const known = PreparedIdentity.safeParse(head);
  if (!known.success || JSON.stringify(known.data) !== JSON.stringify(identity)) return [];
  return lines.map((line) => Entry.safeParse(line)).flatMap(({ data }) => (data ? [data] : []));
}

async function readIfThere(file: string): Promise<string> {
  try {
    return (await readRegularFile(file)).toString('utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return '';
    throw error;
  }
}

function parseLine(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return null; // cut short by a kill: its file is made again
  }
}

async function isWhole(folder: string, job: FileJob, made: MadeFile | null): Promise<boolean> {
  if (made === null || job.encoding.kind === 'check') return made === null && job.encoding.kind === 'check';
  try {
    return (await stat(path.join(folder, job.file))).size === job.byteLength;
  } catch {
    return false; // someone deleted it
  }
}
