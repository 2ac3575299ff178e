import type { DownloadContext } from './downloadContext';
import type { WantedFile } from './downloadPlan';
import type { HeldParts } from './heldParts';
import type { WantedRange } from './pieceWriter';

/** Says which bytes are asked for next: in the order of the files, several requests at a time, none for the same bytes. */
export class RangePlanner {
  readonly #inFlight = new Set<WantedRange>();

  constructor(
    private readonly context: DownloadContext,
    private readonly held: HeldParts,
    private readonly chunkBytes: number,
  ) {}

  /** Null while there is nothing to ask for, or no room for it. */
  next(): WantedRange | null {
    for (const file of this.context.options.files) {
      const found = this.#nextOf(file);
      if (found === 'noRoom') return null;
      if (found === null) continue;
      this.#inFlight.add(found);
      return found;
    }
    return null;
  }

  /** It ended, whatever came of it. */
  end(range: WantedRange): void {
    this.#inFlight.delete(range);
  }

  /** A range may span several small parts; each of them must be allowed to begin. */
  #nextOf(file: WantedFile): WantedRange | 'noRoom' | null {
    let range: WantedRange | null = null;
    for (const part of file.parts) {
      for (const gap of this.#gaps(file, part.start, part.start + part.sizeBytes)) {
        const isFull = range !== null && range.end - range.start === this.chunkBytes;
        if (range !== null && (isFull || gap.start !== range.end || gap.sha256 !== null)) return range;
        if (!this.held.mayBegin(part)) return range ?? 'noRoom';
        this.held.begin(part);
        if (gap.sha256 !== null) return { file, ...gap };
        const start: number = range?.start ?? gap.start;
        const end = Math.min(gap.end, start + this.chunkBytes);
        range = { file, start, end, sha256: null };
        if (end < gap.end) return range;
      }
    }
    return range;
  }

  /** What is missing and not on its way. */
  #gaps(file: WantedFile, start: number, end: number): Omit<WantedRange, 'file'>[] {
    let gaps = this.context.journal.stateOf(file).missing({ start, end });
    for (const busy of this.#inFlight) {
      if (busy.file !== file) continue;
      gaps = gaps.flatMap((gap) => {
        if (busy.end <= gap.start || gap.end <= busy.start) return gap;
        const before = { ...gap, end: busy.start };
        const after = { ...gap, start: busy.end };
        return [before, after].filter((rest) => rest.start < rest.end);
      });
    }
    return gaps;
  }
}
