import type { QwenConfig } from '../checkpoint/qwenConfig';
import { inSteps } from './inSteps';

/** Keys and values of all layers in our own memory, float32 [heads, rows, headSize] each, following the conversation in steps. */
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

  /** Takes the steps that `rows` rows need, no more and no less, and keeps the first `validRows`: buffer by buffer, so that
   *  never two whole caches exist. */
  resize(rows: number, validRows: number): void {
    const stepped = inSteps(rows);
    if (stepped === this.#rows) return;
    const resize = (old: Float32Array | undefined) => this.#resize(old, { from: this.#rows, to: stepped, validRows });
    for (let layer = 0; layer < this.config.layers; layer++) {
      this.#keys[layer] = resize(this.#keys[layer]);
      this.#values[layer] = resize(this.#values[layer]);
    }
    this.#rows = stepped;
  }

  #resize(
    old: Float32Array | undefined,
    { from, to, validRows }: { from: number; to: number; validRows: number },
  ): Float32Array {
    const { heads, headSize } = this.config;
    const resized = new Float32Array(heads * to * headSize);
    for (let head = 0; old && head < heads; head++) {
      const start = head * from * headSize;
      resized.set(old.subarray(start, start + validRows * headSize), head * to * headSize);
    }
    return resized;
  }

  /** Copies new rows, float32 [heads, count, headSize], to positions `start` and after. A loop over pairs: for a token there are 2,048
   *  rows of a few cache lines in 7B's cache, and a view of each takes longer to make than its numbers to copy. */
  write(target: Float32Array, fresh: Float32Array, { start, count }: { start: number; count: number }): void {
    const { heads, headSize } = this.config;
    const [to, from] = [inPairs(target), inPairs(fresh)];
    const length = (count * headSize) / 2;
    for (let head = 0; head < heads; head++) {
      const first = ((head * this.#rows + start) * headSize) / 2;
      for (let i = 0; i < length; i++) to[first + i] = from[head * length + i]!;
    }
  }
}

/** Two float32 numbers as the bits of one float64. A head's size is even. */
const inPairs = (values: Float32Array): Float64Array =>
  new Float64Array(values.buffer, values.byteOffset, values.length / 2);
