import { instantiate, pageBytes, type WasmMemory } from '../quantize/instantiate';
import { logitsModule } from './logitsModule';
import { softmaxWeight } from './softmaxWeight';

/** Of assembly/logits.ts. Starts, ends, sums and ids are byte offsets. */
type Exports = {
  readonly highest: (...logits: Range) => number;
  readonly temper: (...args: [...logits: Range, best: number, temperature: number]) => void;
  readonly weigh: (...args: [...logits: Range, best: number, sums: number]) => number;
  readonly findFrom: (...args: [...logits: Range, floor: number, ids: number]) => number;
};
type Range = [start: number, end: number];

/** Logits whose softmax weights are added up together. */
export const blockLength = 64;

const lowestFloat32 = -(2 - 2 ** -23) * 2 ** 127;

/** Does what has to look at all logits of a step: the WebAssembly module, with the memory that it works in. */
export class LogitsKernel {
  readonly #memory: WasmMemory;
  readonly #exports: Exports;
  #room = 0;
  #logits = new Float32Array(0);
  #best = -Infinity;

  constructor() {
    const { memory, exports } = instantiate(logitsModule, 0);
    this.#memory = memory;
    this.#exports = exports as Exports; // what assembly/logits.ts exports
  }

  /** Takes a copy of `logits`, finite or -Infinity, in place of those before. */
  load(logits: Float32Array): void {
    const padded = Math.ceil(logits.length / blockLength) * blockLength;
    this.#reserve(padded);
    this.#logits = new Float32Array(this.#memory.buffer, 0, padded);
    this.#logits.set(logits);
    this.#logits.fill(-Infinity, logits.length);
    this.#best = this.#exports.highest(0, this.#logits.byteLength);
  }

  /** float32, with some of -Infinity at the end: in the module's memory, until the next `load`. */
  get logits(): Float32Array {
    return this.#logits;
  }

  /** The highest logit. */
  get best(): number {
    return this.#best;
  }

  /** Sharpens (below 1) or flattens (above 1) the distribution. The best logit becomes 0, so that none can overflow. */
  temper(temperature: number): void {
    this.#exports.temper(0, this.#logits.byteLength, this.#best, temperature);
    this.#best = 0;
  }

  /** The softmax weights of tokens. */
  weights(ids: Uint32Array): Float64Array {
    const weights = new Float64Array(ids.length);
    for (let i = 0; i < ids.length; i++) weights[i] = softmaxWeight(this.#best - this.#logits[ids[i]!]!);
    return weights;
  }

  /** Softmax weights of all tokens, each within 1e-8 of `softmaxWeight`: their sums for each `blockLength` logits, and the sum of all. */
  weigh(): { total: number; sums: Float64Array } {
    const offset = 2 * this.#room * Float32Array.BYTES_PER_ELEMENT;
    const total = this.#exports.weigh(0, this.#logits.byteLength, this.#best, offset);
    return { total, sums: new Float64Array(this.#memory.buffer, offset, this.#logits.length / blockLength) };
  }

  /** The ids of tokens that are not ruled out and whose logits are at most `gap` below the best, give or take float32's rounding, ascending:
   *  in the module's memory, until the next call. */
  within(gap: number): Uint32Array {
    const floor = Math.max(this.#best - gap, lowestFloat32);
    const offset = this.#room * Float32Array.BYTES_PER_ELEMENT;
    const count = this.#exports.findFrom(0, this.#logits.byteLength, floor, offset);
    return new Uint32Array(this.#memory.buffer, offset, count);
  }

  /** Room for so many logits, as many ids behind them, and the sums of the blocks. */
  #reserve(length: number): void {
    if (length <= this.#room) return;
    this.#room = length;
    const bytes = 2 * length * Float32Array.BYTES_PER_ELEMENT + (length / blockLength) * Float64Array.BYTES_PER_ELEMENT;
    const missing = bytes - this.#memory.buffer.byteLength;
    if (missing > 0) this.#memory.grow(Math.ceil(missing / pageBytes));
  }
}
