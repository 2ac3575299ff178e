import type { Bfloat16Format } from './bfloat16Format';
import { nf4Steps } from './nf4Steps';
import { quantizeModule } from './quantizeModule';

/** What the language knows of WebAssembly without the browser's types, as far as it is needed here. */
declare const WebAssembly: {
  readonly Memory: new (limits: { initial: number }) => { readonly buffer: ArrayBuffer };
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object, imports: object) => { readonly exports: unknown };
};

/** Of assembly/quantize.ts. All but the sizes are byte offsets. */
type Arguments = [values: number, codes: number, scales: number, blocks: number, blockSize: number];
type Exports = Readonly<Record<Bfloat16Format['kernel'], (...args: Arguments) => void>>;

/** Numbers that fit at once: few enough to stay in a processor's cache together with their codes. */
const room = 1 << 16;
const pageBytes = 1 << 16;
/** The table for NF4 comes first, and thresholds behind it. */
const valuesOffset = 1 << 13;
const codesOffset = valuesOffset + 2 * room;
const scalesOffset = codesOffset + room;
const endOffset = scalesOffset + (4 * room) / 32;

/** The WebAssembly module with the memory that it works in: for each thread one. */
export class QuantizeKernel {
  readonly #memory = new WebAssembly.Memory({ initial: Math.ceil(endOffset / pageBytes) });
  readonly #exports: Exports;

  constructor() {
    const module = new WebAssembly.Module(Buffer.from(quantizeModule, 'base64'));
    const instance = new WebAssembly.Instance(module, { env: { memory: this.#memory } });
    this.#exports = instance.exports as Exports; // compiled from assembly/quantize.ts
    new Int16Array(this.#memory.buffer).set(nf4Steps());
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
