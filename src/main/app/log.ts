import { appendFileSync, mkdirSync, renameSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { inspect } from 'node:util';

const largestBytes = 1_000_000;

/** A log file that is never larger than a megabyte; the one before it is kept. Conversations are not logged. */
export class Log {
  #sizeBytes: number;

  constructor(
    private readonly file: string,
    private readonly now: () => Date = () => new Date(),
  ) {
    mkdirSync(dirname(file), { recursive: true });
    this.#sizeBytes = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  }

  info = (message: string): void => this.#write('info', message);

  /** An error with its causes and stacks. */
  bug = (error: unknown): void => this.#write('bug', inspect(error, { depth: 5 }));

  /** What the inference process wrote to stdout or stderr. */
  worker = (output: string): void => this.#write('worker', output.trimEnd());

  /** Synchronous: the last words before a crash are the ones that matter. */
  #write(source: string, message: string): void {
    const entry = `${this.now().toISOString()} ${source} ${message.replaceAll('\n', '\n    ')}\n`;
    if (this.#sizeBytes + Buffer.byteLength(entry) > largestBytes && this.#sizeBytes > 0) {
      renameSync(this.file, `${this.file}.1`);
      this.#sizeBytes = 0;
    }
    appendFileSync(this.file, entry);
    this.#sizeBytes += Buffer.byteLength(entry);
  }
}
