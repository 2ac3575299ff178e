import { appendFile, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import type { FileJob } from './fileJob';
import { MadeFile, PreparedIdentity } from './preparedManifest';

export const journalFileName = 'journal.jsonl';

/** Null for a job that only checked. */
const Entry = z.object({ file: z.string(), made: MadeFile.nullable() });
type Entry = z.infer<typeof Entry>;

/** Which files of an unfinished folder are whole: a line for each, written once its bytes are on the disk. */
export class Journal {
  readonly #finished = new Map<string, MadeFile | null>();

  private constructor(private readonly path: string) {}

  /** Reads what an earlier run left, and forgets what belongs to another identity or is not as long as it must be. */
  static async open(folder: string, identity: PreparedIdentity, jobs: readonly FileJob[]): Promise<Journal> {
    const journal = new Journal(path.join(folder, journalFileName));
    for (const entry of await readEntries(journal.path, identity)) {
      const job = jobs.find(({ file }) => file === entry.file);
      if (job && (entry.made === null || (await hasSize(path.join(folder, job.file), job.byteLength))))
        journal.#finished.set(entry.file, entry.made);
    }
    await journal.#rewrite(identity);
    return journal;
  }

  isFinished = (file: string): boolean => this.#finished.has(file);
  madeFile = (file: string): MadeFile | null => this.#finished.get(file) ?? null;

  async add(file: string, made: MadeFile | null): Promise<void> {
    await appendFile(this.path, lineOf({ file, made }));
    this.#finished.set(file, made);
  }

  remove = (): Promise<void> => rm(this.path, { force: true });

  /** A last line that a kill cut short must not be continued by the next one. */
  async #rewrite(identity: PreparedIdentity): Promise<void> {
    const entries = [...this.#finished].map(([file, made]) => lineOf({ file, made }));
    await writeFile(`${this.path}.new`, [lineOf(identity), ...entries].join(''));
    await rename(`${this.path}.new`, this.path);
  }
}

const lineOf = (value: PreparedIdentity | Entry): string => `${JSON.stringify(value)}\n`;

async function readEntries(file: string, identity: PreparedIdentity): Promise<Entry[]> {
  const [head, ...lines] = (await readIfThere(file)).split('\n').map(parseLine);
  const known = PreparedIdentity.safeParse(head);
  if (!known.success || JSON.stringify(known.data) !== JSON.stringify(identity)) return [];
  return lines.map((line) => Entry.safeParse(line)).flatMap(({ data }) => (data ? [data] : []));
}

async function readIfThere(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
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

async function hasSize(file: string, byteLength: number): Promise<boolean> {
  try {
    return (await stat(file)).size === byteLength;
  } catch {
    return false; // someone deleted it
  }
}
