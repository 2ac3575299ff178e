import type { QwenConfig } from '../checkpoint/qwenConfig';

/** Rows the cache grows by: enough that growing is rare, few enough that short chats stay small. */
const growthRows = 256;

/** Keys and values of all layers in our own memory, float32 [heads, rows, headSize] each, growing with the conversation. */
export class CpuCache {
  #rows = 0;
  #keys: Float32Array[] = [];
  #values: Float32Array[] = [];

  constructor(private readonly config: QwenConfig) {}

  get rows(): number {
    return this.#rows;
  }

  get bytes(): number {
    const { layers, heads, headSize } = this.config;
    return 2 * layers * heads * headSize * this.#rows * Float32Array.BYTES_PER_ELEMENT;
  }

  keys = (layer: number): Float32Array => this.#keys[layer]!;
  values = (layer: number): Float32Array => this.#values[layer]!;

  /** Makes room for `rows` rows and keeps the first `validRows`. */
  reserve(rows: number, validRows: number): void {
    if (rows <= this.#rows) return;
    const grown = Math.ceil(rows / growthRows) * growthRows;
    const grow = (old: Float32Array | undefined) => this.#grow(old, { from: this.#rows, to: grown, validRows });
    for (let layer = 0; layer < this.config.layers; layer++) {
      this.#keys[layer] = grow(this.#keys[layer]);
      this.#values[layer] = grow(this.#values[layer]);
    }
    this.#rows = grown;
  }

  #grow(
    old: Float32Array | undefined,
    { from, to, validRows }: { from: number; to: number; validRows: number },
  ): Float32Array {
    const { heads, headSize } = this.config;
    const grown = new Float32Array(heads * to * headSize);
    for (let head = 0; old && head < heads; head++) {
      const start = head * from * headSize;
      grown.set(old.subarray(start, start + validRows * headSize), head * to * headSize);
    }
    return grown;
  }

  /** Copies new rows, float32 [heads, count, headSize], to positions `start` and after. */
  write(target: Float32Array, fresh: Float32Array, { start, count }: { start: number; count: number }): void {
    const { heads, headSize } = this.config;
    for (let head = 0; head < heads; head++) {
      const rows = fresh.subarray(head * count * headSize, (head + 1) * count * headSize);
      target.set(rows, (head * this.#rows + start) * headSize);
    }
  }
}
