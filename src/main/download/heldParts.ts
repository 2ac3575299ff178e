import type { DownloadContext } from './downloadContext';
import type { Part, WantedFile } from './downloadPlan';

type Hold = { answer: 'keep' | 'release' | null; isOffered: boolean; isLeaving: boolean };

/** Which parts lie on the disk for the consumer, and when they go. Without a consumer they all stay. */
export class HeldParts {
  readonly #holds = new Map<Part, Hold>();
  readonly #rejecting = new Set<WantedFile>();
  #releases: Promise<void> = Promise.resolve();

  constructor(
    private readonly context: DownloadContext,
    private readonly fail: (error: unknown) => void,
  ) {}

  /** A part that alone is larger than all that may be held can begin when nothing else is. */
  mayBegin(part: Part): boolean {
    const { consumer } = this.context.options;
    if (consumer === undefined || this.#holds.has(part)) return true;
    const held = this.#heldBytes();
    return held === 0 || held + part.sizeBytes <= consumer.maxHeldBytes;
  }

  begin(part: Part): void {
    if (!this.#holds.has(part)) this.#holds.set(part, { answer: null, isOffered: false, isLeaving: false });
  }

  /** Offers the parts of a file that are whole by now, and lets go those that are used up and hashed. */
  update(file: WantedFile): void {
    const { options, signal } = this.context;
    if (options.consumer === undefined || this.#rejecting.has(file) || signal.aborted) return;
    for (const part of file.parts) {
      if (this.#isReleased(file, part) || !this.#isWhole(file, part)) continue;
      this.begin(part);
      const hold = this.#holds.get(part)!;
      if (!hold.isOffered) this.#offer(part, file, hold);
      if (hold.answer === 'release' && !hold.isLeaving && this.#isHashed(file, part)) this.#release(part, file, hold);
    }
  }

  isSettled(file: WantedFile): boolean {
    if (this.context.options.consumer === undefined) return true;
    return file.parts.every((part) => {
      const hold = this.#holds.get(part);
      return hold ? hold.answer === 'keep' : this.#isReleased(file, part);
    });
  }

  /** The file is not the one that was wanted: everything that was made of its parts is void. */
  async reject(file: WantedFile): Promise<void> {
    this.#rejecting.add(file);
    await this.#releases; // what is being deleted must be gone before it can come again
    for (const part of file.parts) this.#holds.delete(part);
    await this.context.options.consumer?.forget(file);
    await this.context.journal.append({ is: 'rejected', file: file.path });
    this.#rejecting.delete(file);
    this.context.bell.ring();
  }

  /** Resolves when nothing is being deleted any more. */
  idle = (): Promise<void> => this.#releases.catch(() => undefined); // it was told where it happened

  #offer(part: Part, file: WantedFile, hold: Hold): void {
    hold.isOffered = true;
    this.context.options.consumer!.consume(part, file).then((answer) => {
      if (this.#holds.get(part) !== hold) return; // rejected meanwhile
      hold.answer = answer;
      this.update(file);
      this.context.bell.ring();
    }, this.fail);
  }

  #release(part: Part, file: WantedFile, hold: Hold): void {
    const { journal, disk, bell } = this.context;
    hold.isLeaving = true;
    const release = async (): Promise<void> => {
      // First the journal: a part that is gone without a word would be fetched again.
      await journal.append({ is: 'released', file: file.path, start: part.start, sizeBytes: part.sizeBytes });
      await disk.delete(disk.placeOf(part.path));
      this.#holds.delete(part);
      bell.ring();
    };
    this.#releases = this.#releases.then(release);
    this.#releases.catch(this.fail);
  }

  #isReleased = (file: WantedFile, { start, sizeBytes }: Part): boolean =>
    this.context.journal.stateOf(file).isReleased(start, start + sizeBytes);
  #isWhole = (file: WantedFile, { start, sizeBytes }: Part): boolean =>
    this.context.journal.stateOf(file).isPresent(start, start + sizeBytes);
  #isHashed = (file: WantedFile, { start, sizeBytes }: Part): boolean =>
    this.context.journal.stateOf(file).hashedBytes >= start + sizeBytes;

  #heldBytes(): number {
    let bytes = 0;
    for (const [part, { answer }] of this.#holds) if (answer !== 'keep') bytes += part.sizeBytes;
    return bytes;
  }
}
