import type { Chunk } from './downloadPlan';
import type { HubFile } from './hubListing';
import type { JournalLine } from './journalLine';

/** A chunk and where it lies: `place` is the path of a part's file from the journal's folder. */
export type StoredChunk = Chunk & { readonly place: string; readonly offset: number; readonly isLost: boolean };
export type Range = { readonly start: number; readonly end: number };

/** What the journal's lines say about one file. Only lines change it. */
export class FileState {
  /** In order, without overlaps. */
  chunks: readonly StoredChunk[] = [];
  hashedBytes = 0;
  hashState: string | null = null;
  released: readonly Range[] = [];
  /** Known and right once the file is whole. */
  sha256: string | null = null;
  readonly etags = new Map<string, string>();

  constructor(readonly identity: HubFile) {}

  apply(line: Exclude<JournalLine, { is: 'file' }>): void {
    switch (line.is) {
      case 'chunk':
        return this.#add(line);
      case 'lost':
        return this.#lose(line.start);
      case 'hashed':
        this.hashedBytes = line.bytes;
        this.hashState = line.state;
        return;
      case 'released':
        this.released = [...this.released, { start: line.start, end: line.start + line.sizeBytes }];
        return;
      case 'whole':
        this.sha256 = line.sha256;
        return;
      case 'rejected':
        return this.#reset();
      case 'etag':
        if (line.etag === null) this.etags.delete(line.source);
        else this.etags.set(line.source, line.etag);
        return;
      default:
        line satisfies never;
    }
  }

  /** These lines say all of the above again. */
  lines(): JournalLine[] {
    const file = this.identity.path;
    const chunks = this.chunks.flatMap(({ start, sizeBytes, sha256, place, offset, isLost }): JournalLine[] => [
      { is: 'chunk', file, start, sizeBytes, sha256, place, offset },
      ...(isLost ? [{ is: 'lost', file, start } as const] : []),
    ]);
    const released = this.released.map(({ start, end }): JournalLine => ({
      is: 'released',
      file,
      start,
      sizeBytes: end - start,
    }));
    const etags = [...this.etags].map(([source, etag]): JournalLine => ({ is: 'etag', file, source, etag }));
    // The hash comes first: whether a lost chunk is still known depends on how far the hash has come.
    return [
      { is: 'file', identity: this.identity },
      ...(this.hashState === null
        ? []
        : [{ is: 'hashed', file, bytes: this.hashedBytes, state: this.hashState } as const]),
      ...chunks,
      ...released,
      ...etags,
      ...(this.sha256 === null ? [] : [{ is: 'whole', file, sha256: this.sha256 } as const]),
    ];
  }

  isReleased = (start: number, end: number): boolean =>
    this.released.some((range) => range.start <= start && end <= range.end);

  isPresent = (start: number, end: number): boolean => this.missing({ start, end }).length === 0;

  /** What is still to be fetched within a range: what nobody has fetched, and lost chunks, each by itself. */
  missing({ start, end }: Range): (Range & { readonly sha256: string | null })[] {
    const found = [];
    let at = start;
    for (const chunk of this.chunks) {
      const chunkEnd = chunk.start + chunk.sizeBytes;
      if (chunkEnd <= start || chunk.start >= end) continue;
      if (chunk.start > at) found.push({ start: at, end: chunk.start, sha256: null });
      if (chunk.isLost) found.push({ start: chunk.start, end: chunkEnd, sha256: chunk.sha256 });
      at = chunkEnd;
    }
    if (at < end) found.push({ start: at, end, sha256: null });
    return found;
  }

  chunkAt = (start: number): StoredChunk | undefined =>
    this.chunks.find((chunk) => chunk.start === start && !chunk.isLost);

  #add({ start, sizeBytes, sha256, place, offset }: Omit<StoredChunk, 'isLost'>): void {
    const others = this.chunks.filter((chunk) => chunk.start !== start);
    const chunk = { start, sizeBytes, sha256, place, offset, isLost: false };
    this.chunks = [...others, chunk].sort((one, other) => one.start - other.start);
  }

  /** A chunk that the running hash has passed can only be replaced by the same bytes; any other is simply not there. */
  #lose(start: number): void {
    this.chunks = this.chunks.flatMap((chunk) => {
      if (chunk.start !== start) return chunk;
      return chunk.start + chunk.sizeBytes <= this.hashedBytes ? { ...chunk, isLost: true } : [];
    });
  }

  #reset(): void {
    this.chunks = [];
    this.released = [];
    this.hashedBytes = 0;
    this.hashState = null;
    this.sha256 = null;
    this.etags.clear();
  }
}
