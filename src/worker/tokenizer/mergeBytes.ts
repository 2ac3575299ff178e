/** Byte-pair merging of one piece in O(n log n): starts from single bytes and joins the adjacent pair whose bytes have the lowest
 *  rank, the leftmost on a tie, until no pair is a token. The same ids as tiktoken, whose own loop is quadratic in the piece.
 *
 *  `piece` holds one byte a character; `rankOf` gives the rank of such a string, and every single byte has one. */
export function mergeBytes(piece: string, rankOf: ReadonlyMap<string, number>): number[] {
  const parts = new Parts(piece, rankOf);
  const queue = new MinHeap();
  const offer = (start: number) => {
    const rank = parts.pairRank(start);
    if (rank !== undefined) queue.push(rank * 2 ** 32 + start); // ordered by rank, then by place
  };
  for (let start = 0; start < piece.length; start++) offer(start);
  for (let best = queue.pop(); best !== undefined; best = queue.pop()) {
    const start = best % 2 ** 32;
    // An entry is out of date once a neighbour's merge has changed or swallowed its pair.
    if (parts.pairRank(start) !== Math.floor(best / 2 ** 32)) continue;
    const previous = parts.merge(start);
    offer(start);
    if (previous >= 0) offer(previous);
  }
  return parts.ids();
}

/** The piece cut into parts: a linked list over the places where they start. */
class Parts {
  readonly #next: Int32Array;
  readonly #previous: Int32Array;
  readonly #isStart: Uint8Array;

  constructor(
    private readonly piece: string,
    private readonly rankOf: ReadonlyMap<string, number>,
  ) {
    this.#next = new Int32Array(piece.length).map((_, index) => index + 1);
    this.#previous = new Int32Array(piece.length).map((_, index) => index - 1);
    this.#isStart = new Uint8Array(piece.length).fill(1);
  }

  /** The rank of the part at `start` joined with the one after it, if that is a token. */
  pairRank(start: number): number | undefined {
    const next = this.#next[start]!;
    if (this.#isStart[start] === 0 || next === this.piece.length) return undefined;
    return this.rankOf.get(this.piece.slice(start, this.#next[next]));
  }

  /** Joins the part at `start` with the one after it; returns where the part before it starts, or -1. */
  merge(start: number): number {
    const swallowed = this.#next[start]!;
    const after = this.#next[swallowed]!;
    this.#isStart[swallowed] = 0;
    this.#next[start] = after;
    if (after < this.piece.length) this.#previous[after] = start;
    return this.#previous[start]!;
  }

  ids(): number[] {
    const ids: number[] = [];
    for (let start = 0; start < this.piece.length; start = this.#next[start]!)
      ids.push(this.rankOf.get(this.piece.slice(start, this.#next[start]))!);
    return ids;
  }
}

/** A binary heap of numbers, smallest first. */
class MinHeap {
  readonly #items: number[] = [];

  push(item: number): void {
    let index = this.#items.push(item) - 1;
    for (let parent = (index - 1) >> 1; index > 0 && this.#items[parent]! > item; parent = (index - 1) >> 1) {
      this.#items[index] = this.#items[parent]!;
      index = parent;
    }
    this.#items[index] = item;
  }

  pop(): number | undefined {
    const smallest = this.#items[0];
    const last = this.#items.pop();
    if (last !== undefined && this.#items.length > 0) this.#sink(last);
    return smallest;
  }

  /** Puts `item` in place of the smallest, and down to where it belongs. */
  #sink(item: number): void {
    const items = this.#items;
    let index = 0;
    for (let child = 1; child < items.length; child = 2 * index + 1) {
      if (child + 1 < items.length && items[child + 1]! < items[child]!) child++;
      if (items[child]! >= item) break;
      items[index] = items[child]!;
      index = child;
    }
    items[index] = item;
  }
}
