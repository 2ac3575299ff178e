import type { Bfloat16Format } from './bfloat16Format';
import { instantiate, type WasmMemory } from './instantiate';
import { nf4Steps } from './nf4Steps';
import { quantizeModule } from './quantizeModule';

/** Of assembly/quantize.ts. All but the sizes are byte offsets. */
type Arguments = [values: number, codes: number, scales: number, blocks: number, blockSize: number];
type Exports = Readonly<Record<Bfloat16Format['kernel'], (...args: Arguments) => void>>;

/** Numbers that fit at once: few enough to stay in a processor's cache together with their codes. */
const room = 1 << 16;
/** The table for NF4 comes first, and thresholds behind it. */
const valuesOffset = 1 << 13;
const codesOffset = valuesOffset + 2 * room;
const scalesOffset = codesOffset + room;
const endOffset = scalesOffset + (4 * room) / 32;

/** The WebAssembly module with the memory that it works in: for each thread one. */
export class QuantizeKernel {
  readonly #memory: WasmMemory;
  readonly #exports: Exports;

  constructor() {
    const { memory, exports } = instantiate(quantizeModule, endOffset);
    this.#memory = memory;
    this.#exports = exports as Exports; // what assembly/quantize.ts exports
    new Int16Array(memory.buffer).set(nf4Steps());
  }

  /** Whole blocks that fit at once. */
  blocksAtOnce = ({ blockSize }: Bfloat16Format): number => Math.floor(room / blockSize);

  /** Quantizes whole blocks, at most `blocksAtOnce`. The answer lies in the module's memory, until the next call; a scale is
   *  NaN, and the codes mean nothing, where the general function has to do it. */
  quantize(
    values: Uint16Array,
    { bits, blockSize, kernel }: Bfloat16Format,
  ): { codes: Uint8Array; scales: Float32Array } {
    const blocks = values.length / blockSize;
    const { buffer } = this.#memory;
    new Uint16Array(buffer, valuesOffset, values.length).set(values);
    this.#exports[kernel](valuesOffset, codesOffset, scalesOffset, blocks, blockSize);
    return {
      codes: new Uint8Array(buffer, codesOffset, (values.length * bits) / 8),
      scales: new Float32Array(buffer, scalesOffset, blocks),
    };
  }
}
