import { open, readFile, rename, rm, type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import { onDisk } from './diskErrors';
import { FileState } from './fileState';
import type { HubFile } from './hubListing';
import { parseLines, type JournalLine } from './journalLine';

/**
 * What is known to be on the disk, line by line, for all files of a folder. A line is written after what it says is true, so
 * whatever a kill leaves can be believed.
 */
export class Journal {
  #waiting: JournalLine[] = [];
  #writing: Promise<void> = Promise.resolve();

  private constructor(
    readonly path: string,
    private readonly handle: FileHandle,
    private readonly states: ReadonlyMap<string, FileState>,
  ) {}

  /** Reads what earlier runs left and writes it anew, without what a kill cut short. */
  static async open(journalPath: string, files: readonly HubFile[]): Promise<Journal> {
    const folder = path.dirname(journalPath);
    const states = statesOf([
      ...parseLines(await onDisk(folder, readIfThere(journalPath))),
      ...files.map((file): JournalLine => ({ is: 'file', identity: identityOf(file) })),
    ]);
    const text = [...states.values()].flatMap((state) => state.lines()).map(toText);
    return new Journal(journalPath, await onDisk(folder, openNew(journalPath, text.join(''))), states);
  }

  /** Of a file that the journal was opened for. */
  stateOf = (file: HubFile): FileState => this.states.get(file.path)!;

  /** Takes the line in at once, and resolves when it would survive a loss of power. */
  async append(line: Exclude<JournalLine, { is: 'file' }>): Promise<void> {
    this.states.get(line.file)!.apply(line);
    this.#waiting.push(line);
    this.#writing = this.#writing.then(() => this.#flush());
    await onDisk(path.dirname(this.path), this.#writing);
  }

  close = (): Promise<void> => this.handle.close();

  /** Writes what has gathered while the disk was busy, in one go. */
  async #flush(): Promise<void> {
    const lines = this.#waiting.splice(0);
    if (lines.length === 0) return;
    await this.handle.appendFile(lines.map(toText).join(''));
    await this.handle.datasync();
  }
}

const toText = (line: JournalLine): string => `${JSON.stringify(line)}\n`;

const identityOf = ({ path, sizeBytes, sha256, gitId }: HubFile): HubFile => ({ path, sizeBytes, sha256, gitId });

function statesOf(lines: readonly JournalLine[]): Map<string, FileState> {
  const states = new Map<string, FileState>();
  for (const line of lines) {
    if (line.is !== 'file') states.get(line.file)?.apply(line);
    else if (!isSameIdentity(states.get(line.identity.path)?.identity, line.identity))
      states.set(line.identity.path, new FileState(line.identity));
  }
  return states;
}

const isSameIdentity = (known: HubFile | undefined, file: HubFile): boolean =>
  known?.sizeBytes === file.sizeBytes && known.sha256 === file.sha256 && known.gitId === file.gitId;

async function readIfThere(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return '';
    throw error;
  }
}

/** The file as a whole or the one before: never a half. */
async function openNew(file: string, text: string): Promise<FileHandle> {
  const unfinished = `${file}.new`;
  const handle = await open(unfinished, 'w');
  try {
    await handle.appendFile(text);
    await handle.sync();
    await handle.close(); // Windows renames no open file
    await rename(unfinished, file);
    return await open(file, 'a');
  } catch (error) {
    await handle.close().catch(() => undefined); // it was closed already
    await rm(unfinished, { force: true });
    throw error;
  }
}
