import { halvesModule } from './halvesModule';
import { instantiate, pageBytes, type WasmMemory } from './instantiate';

/** Of assembly/halves.ts. */
type Exports = {
  readonly transposeHalves: (
    ...args: [source: number, rows: number, columns: number, target: number, stride: number]
  ) => void;
} & Readonly<Record<keyof Lost, { readonly value: number }>>;

/** Weights that float16 has no room for: `overflowed` are infinite there, `vanished` became zero. */
export type Lost = { readonly notFinite: number; readonly overflowed: number; readonly vanished: number };

export type Halves = {
  /** Numbers in a row of the source. */
  readonly columns: number;
  /** Numbers in a row of the target. */
  readonly stride: number;
  /** Column of the target that takes the first row of the source. */
  readonly at: number;
};

const bytesPerNumber = 2;

/** Turns rows of bfloat16 numbers into columns of float16 numbers. The WebAssembly module with the memory that it works in:
 *  for each thread one. */
export class HalvesKernel {
  readonly #memory: WasmMemory;
  readonly #exports: Exports;
  #sourceBytes = 0;

  constructor() {
    const { memory, exports } = instantiate(halvesModule, 0);
    this.#memory = memory;
    this.#exports = exports as Exports; // what assembly/halves.ts exports
  }

  /** Whether the module can take a weight with so many rows and columns, and chunks of it. */
  static takes = (rows: number, columns: number): boolean => rows % 8 === 0 && columns % 8 === 0;

  /** Makes room for so many numbers of a source and of the whole target. What was in either is lost. */
  reserve(source: number, target: number): void {
    this.#sourceBytes = Math.ceil((source * bytesPerNumber) / pageBytes) * pageBytes;
    const missing = this.#sourceBytes + target * bytesPerNumber - this.#memory.buffer.byteLength;
    if (missing > 0) this.#memory.grow(Math.ceil(missing / pageBytes));
  }

  /** Writes rows, given as their bits, into the target [columns, stride] from the column `at` on. */
  transpose(rows: Uint16Array, { columns, stride, at }: Halves): Lost {
    new Uint16Array(this.#memory.buffer, 0, rows.length).set(rows);
    const target = this.#sourceBytes + at * bytesPerNumber;
    const { transposeHalves, notFinite, overflowed, vanished } = this.#exports;
    transposeHalves(0, rows.length / columns, columns, target, stride);
    return { notFinite: notFinite.value, overflowed: overflowed.value, vanished: vanished.value };
  }

  /** The first `length` numbers of the target, in the module's memory. */
  target = (length: number): Uint16Array => new Uint16Array(this.#memory.buffer, this.#sourceBytes, length);
}
