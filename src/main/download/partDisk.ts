import { constants, type Stats } from 'node:fs';
import { mkdir, open, rm, stat, truncate, type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import { onDisk } from './diskErrors';
import type { StoredChunk } from './fileState';
import { reserveSpace } from './reserveSpace';

const { O_CREAT, O_RDWR } = constants;
/** Of `Stats.blocks`, on every system. */
const statBlockBytes = 512;

/** The files of parts on this disk, named as the journal names them: by their path from its folder. */
export class PartDisk {
  /** One after the other: two who make the same file longer would cut each other's bytes. */
  #allocating: Promise<unknown> = Promise.resolve();

  constructor(readonly folder: string) {}

  placeOf = (file: string): string => path.relative(this.folder, file).split(path.sep).join('/');

  /** Opens the file for reading and writing, at least so long. */
  open(place: string, sizeBytes: number): Promise<FileHandle> {
    const opened = this.#allocating.then(() => onDisk(this.folder, openWithSize(this.pathOf(place), sizeBytes)));
    this.#allocating = opened.catch(() => undefined); // whoever asked gets the error
    return opened;
  }

  /** Has the disk set aside so much for the file, where it can. */
  reserve(place: string, sizeBytes: number, signal: AbortSignal): Promise<void> {
    const file = this.pathOf(place);
    const reserved = this.#allocating.then(async () => {
      await onDisk(this.folder, mkdir(path.dirname(file), { recursive: true }));
      await reserveSpace(file, { sizeBytes }, signal);
    });
    this.#allocating = reserved.catch(() => undefined);
    return reserved;
  }

  async hasBytes(place: string, sizeBytes: number): Promise<boolean> {
    const size = await this.sizeOf(place);
    return size !== null && size >= sizeBytes;
  }

  /** Null when it is not there. */
  sizeOf = async (place: string): Promise<number | null> => (await this.#statOf(place))?.size ?? null;

  /** What the file takes of the disk, however long it is. */
  takenBytes = async (place: string): Promise<number> => ((await this.#statOf(place))?.blocks ?? 0) * statBlockBytes;

  /** Takes off what is behind the last byte. */
  cut = (place: string, sizeBytes: number): Promise<void> =>
    onDisk(this.folder, truncate(this.pathOf(place), sizeBytes));

  /** The bytes of a chunk; fewer, or none, when they are not all there. */
  async read({ place, offset, sizeBytes }: Pick<StoredChunk, 'place' | 'offset' | 'sizeBytes'>): Promise<Uint8Array> {
    if (!(await this.hasBytes(place, offset + sizeBytes))) return new Uint8Array();
    const handle = await onDisk(this.folder, open(this.pathOf(place), 'r'));
    try {
      const bytes = Buffer.allocUnsafe(sizeBytes);
      let length = 0;
      for (let read = 1; read > 0 && length < sizeBytes; length += read)
        read = (await onDisk(this.folder, handle.read(bytes, length, sizeBytes - length, offset + length))).bytesRead;
      return bytes.subarray(0, length);
    } finally {
      await handle.close();
    }
  }

  delete = (place: string): Promise<void> => onDisk(this.folder, rm(this.pathOf(place), { force: true }));

  pathOf = (place: string): string => path.join(this.folder, place);

  async #statOf(place: string): Promise<Stats | null> {
    try {
      return await stat(this.pathOf(place));
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
      return onDisk(this.folder, Promise.reject(error as Error)); // Node throws nothing else
    }
  }
}

async function openWithSize(file: string, sizeBytes: number): Promise<FileHandle> {
  await mkdir(path.dirname(file), { recursive: true });
  const handle = await open(file, O_RDWR | O_CREAT);
  try {
    if ((await handle.stat()).size < sizeBytes) await handle.truncate(sizeBytes);
    return handle;
  } catch (error) {
    await handle.close();
    throw error;
  }
}
