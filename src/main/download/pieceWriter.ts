import { createHash, type Hash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import { AppError } from '../../shared/appError';
import { onDisk } from './diskErrors';
import type { DownloadContext } from './downloadContext';
import type { WantedFile } from './downloadPlan';

/** On a slow line, what came in so long is made sure of without waiting for more. */
const longestMs = 10_000;

export type WantedRange = {
  readonly file: WantedFile;
  readonly start: number;
  readonly end: number;
  /** Of a chunk that was here before and must come back the same. */
  readonly sha256: string | null;
};

type Piece = {
  readonly handle: FileHandle;
  readonly hash: Hash;
  readonly place: string;
  /** What to add to a position in the published file to get the one on this disk. */
  readonly shift: number;
  readonly start: number;
  readonly end: number;
  readonly beganAtMs: number;
  at: number;
};

/** Puts the bytes of a range where they belong, and journals each piece once it is on the disk. */
export class PieceWriter {
  #piece: Piece | null = null;
  #at: number;

  constructor(
    private readonly range: WantedRange,
    private readonly context: DownloadContext,
  ) {
    this.#at = range.start;
  }

  async write(bytes: Uint8Array): Promise<void> {
    for (let done = 0; done < bytes.length;) {
      const piece = (this.#piece ??= await this.#begin());
      const slice = bytes.subarray(done, done + piece.end - piece.at);
      await onDisk(this.context.disk.folder, writeAll(piece.handle, slice, piece.at + piece.shift));
      piece.hash.update(slice);
      piece.at = this.#at += slice.length;
      done += slice.length;
      if (piece.at === piece.end || this.#isOld(piece)) await this.#finish(piece);
    }
  }

  /** Ends it wherever it is. What came is kept. */
  async close(): Promise<void> {
    const piece = this.#piece;
    if (piece === null) return;
    if (piece.at > piece.start && this.range.sha256 === null) await this.#finish(piece);
    else await this.#leave(piece);
  }

  async #begin(): Promise<Piece> {
    const { file, end } = this.range;
    const start = this.#at;
    const part = file.parts.find((one) => one.start <= start && start < one.start + one.sizeBytes)!; // parts leave no gap
    const place = this.context.disk.placeOf(part.path);
    const handle = await this.context.disk.open(place, part.offset + part.sizeBytes);
    const shift = part.offset - part.start;
    const beganAtMs = this.context.options.clock.nowMs();
    const pieceEnd = Math.min(end, part.start + part.sizeBytes);
    return { handle, hash: createHash('sha256'), place, shift, start, end: pieceEnd, beganAtMs, at: start };
  }

  #isOld = ({ beganAtMs }: Piece): boolean =>
    this.range.sha256 === null && this.context.options.clock.nowMs() - beganAtMs > longestMs;

  async #finish(piece: Piece): Promise<void> {
    const { place, shift, start, at, handle } = piece;
    const { file, sha256: expected } = this.range;
    await onDisk(this.context.disk.folder, handle.datasync()).finally(() => this.#leave(piece));
    const sha256 = piece.hash.digest('hex');
    if (expected !== null && expected !== sha256) throw new AppError('download.checksum', { file: file.path });
    const where = { file: file.path, start, sizeBytes: at - start, place, offset: start + shift };
    await this.context.journal.append({ is: 'chunk', ...where, sha256 });
    this.context.bell.ring();
  }

  #leave(piece: Piece): Promise<void> {
    this.#piece = null;
    return onDisk(this.context.disk.folder, piece.handle.close()); // some file systems say only now that there was no room
  }
}

async function writeAll(handle: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  for (let done = 0; done < bytes.length;)
    done += (await handle.write(bytes, done, bytes.length - done, position + done)).bytesWritten;
}
