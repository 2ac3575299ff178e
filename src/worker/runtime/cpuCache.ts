import type { FloatType } from '../checkpoint/floatType';
import type { QwenConfig } from '../checkpoint/qwenConfig';

const [smallestStep, largestStep] = [64, 256];

/** Rows that the cache has room for when it holds `rows`. Every decoded token reads them all, also those that are masked, and every step moves
 *  those that are there: steps are an eighth to a sixteenth of the rows. */
function inCpuSteps(rows: number): number {
  const eighth = 2 ** Math.floor(Math.log2(Math.max(rows, 1))) / 8;
  const step = Math.min(Math.max(eighth, smallestStep), largestStep);
  return Math.ceil(Math.max(rows, 1) / step) * step;
}

/** Keys or values of a layer, in float32 or as the bits of float16. */
export type CacheNumbers = Float32Array | Uint16Array;

const arrays = { float32: Float32Array, float16: Uint16Array } as const satisfies Record<FloatType, unknown>;

type Growing = Float32Array<ArrayBuffer> | Uint16Array<ArrayBuffer>;

/** Keys and values of all layers in our own memory, [heads, rows, headSize] each, following the conversation in steps.
 *  Each lies in a buffer that can grow where it is: to touch fresh memory for all rows takes three times as long as to move them. */
export class CpuCache {
  #rows = 0;
  readonly #keys: readonly Growing[];
  readonly #values: readonly Growing[];

  /** Address space is taken for all of `contextLength`, memory only as `resize` asks for it. */
  constructor(
    private readonly config: Pick<QwenConfig, 'layers' | 'heads' | 'headSize'>,
    { type, contextLength }: { type: FloatType; contextLength: number },
  ) {
    const Numbers = arrays[type];
    const maxByteLength = this.#length(inCpuSteps(contextLength)) * Numbers.BYTES_PER_ELEMENT;
    const empty = () => new Numbers(new ArrayBuffer(0, { maxByteLength })); // it follows its buffer's length
    this.#keys = Array.from({ length: config.layers }, empty);
    this.#values = Array.from({ length: config.layers }, empty);
  }

  get rows(): number {
    return this.#rows;
  }

  get bytes(): number {
    return [...this.#keys, ...this.#values].reduce((sum, { byteLength }) => sum + byteLength, 0);
  }

  keys = (layer: number): CacheNumbers => this.#keys[layer]!;
  values = (layer: number): CacheNumbers => this.#values[layer]!;

  /** Takes the steps that `rows` rows need, no more and no less, and keeps the first `validRows`. */
  resize(rows: number, validRows: number): void {
    const stepped = inCpuSteps(rows);
    if (stepped === this.#rows) return;
    for (const tensor of [...this.#keys, ...this.#values]) this.#resize(tensor, stepped, validRows);
    this.#rows = stepped;
  }

  /** Without rows; those to come are zeros. */
  clear(): void {
    for (const { buffer } of [...this.#keys, ...this.#values]) buffer.resize(0);
    this.#rows = 0;
  }

  /** Heads move apart from the last one on, and together from the first one on, so that none is overwritten before it has moved. */
  #resize(tensor: Growing, rows: number, validRows: number): void {
    const { heads, headSize } = this.config;
    const bytes = this.#length(rows) * tensor.BYTES_PER_ELEMENT;
    const move = (head: number) => {
      const start = head * this.#rows * headSize;
      tensor.copyWithin(head * rows * headSize, start, start + validRows * headSize);
    };
    if (rows > this.#rows) {
      tensor.buffer.resize(bytes);
      for (let head = heads - 1; head > 0; head--) move(head);
    } else {
      for (let head = 1; head < heads; head++) move(head);
      tensor.buffer.resize(bytes);
    }
  }

  /** Copies new rows, [heads, count, headSize], to positions `start` and after. */
  write(target: CacheNumbers, fresh: CacheNumbers, { start, count }: { start: number; count: number }): void {
    const { heads, headSize } = this.config;
    for (let head = 0; head < heads; head++) {
      const rows = fresh.subarray(head * count * headSize, (head + 1) * count * headSize);
      target.set(rows, (head * this.#rows + start) * headSize);
    }
  }

  /** Of a tensor with so many rows. */
  #length = (rows: number): number => this.config.heads * rows * this.config.headSize;
}
