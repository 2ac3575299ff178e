import { appendFileSync, mkdirSync, renameSync, statSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { inspect } from 'node:util';

const largestBytes = 1_000_000;

/**
 * A log file that is never larger than a megabyte; the one before it is kept. Conversations are not logged.
 * Writing never throws: on a full disk lines are lost, and the first loss of a row is told on stderr.
 */
export class Log {
  /** Null: the file has to be looked at before the next write. */
  #sizeBytes: number | null = null;
  #hasToldLoss = false;

  constructor(
    private readonly file: string,
    private readonly now: () => Date = () => new Date(),
    private readonly tellLoss: (message: string) => void = toStderr,
  ) {}

  info = (message: string): void => this.#write('info', message);

  /** An error with its causes and stacks. */
  bug = (error: unknown): void => this.#write('bug', inspect(error, { depth: 5 }));

  /** What the inference process wrote to stdout or stderr. */
  worker = (output: string): void => this.#write('worker', output.trimEnd());

  #write(source: string, message: string): void {
    const entry = `${this.now().toISOString()} ${source} ${message.replaceAll('\n', '\n    ')}\n`;
    try {
      this.#append(entry);
      this.#hasToldLoss = false;
    } catch (error) {
      this.#sizeBytes = null;
      if (!this.#hasToldLoss) this.tellLoss(`The log ${this.file} cannot be written: ${String(error)}\n${entry}`);
      this.#hasToldLoss = true;
    }
  }

  /** Synchronous: the last words before a crash are the ones that matter. */
  #append(entry: string): void {
    const sizeBytes = this.#sizeBytes ?? sizeOfFile(this.file);
    const entryBytes = Buffer.byteLength(entry);
    const isFull = sizeBytes > 0 && sizeBytes + entryBytes > largestBytes;
    if (isFull) renameSync(this.file, `${this.file}.1`);
    appendFileSync(this.file, entry);
    this.#sizeBytes = (isFull ? 0 : sizeBytes) + entryBytes;
  }
}

function sizeOfFile(file: string): number {
  mkdirSync(dirname(file), { recursive: true });
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}

function toStderr(message: string): void {
  try {
    writeSync(2, message);
  } catch {
    return; // a desktop start has no stderr, and there is nowhere else to say it
  }
}
