import { floatToHalf, toFloat16, toFloat32, type Dtype } from '../checkpoint/dtype';
import type { FloatType } from '../checkpoint/floatType';

/** Turns numbers into the graph's format, and counts the weights that float16 has no room for. */
export class FloatEncoder {
  /** Weights beyond 65504: as float16 they would be infinite. */
  overflowed = 0;
  /** Weights that are not zero and become it. */
  vanished = 0;
  /** Weights that are no numbers in the checkpoint already. */
  notFinite = 0;

  constructor(private readonly floatType: FloatType) {}

  /** The bytes of `values` in the graph's format. A value that is lost counts for `weightsEach` weights. */
  encode(values: Float32Array, weightsEach = 1): Uint8Array {
    const floats = this.floatType === 'float16' ? toFloat16(values) : values;
    for (let i = 0; i < values.length; i++) {
      const value = values[i]!;
      if (!Number.isFinite(value)) this.notFinite += weightsEach;
      else if (floats instanceof Uint16Array) this.#count(value, floats[i]!, weightsEach);
    }
    return new Uint8Array(floats.buffer, floats.byteOffset, floats.byteLength);
  }

  /** `bytes` of a checkpoint as the bits of float16 numbers, which may take the place of the bytes. */
  encodeHalves(bytes: Uint8Array, dtype: Dtype): Uint16Array {
    if (dtype === 'BF16') return this.#fromBfloat16(new Uint16Array(bytes.buffer, bytes.byteOffset, bytes.length / 2));
    const halves = this.encode(toFloat32(bytes, dtype));
    return new Uint16Array(halves.buffer, halves.byteOffset, halves.length / 2);
  }

  #fromBfloat16(values: Uint16Array): Uint16Array {
    const table = halvesOfBfloat16();
    for (let i = 0; i < values.length; i++) {
      const bits = values[i]!;
      const half = table[bits]!;
      values[i] = half;
      // True for the largest exponent and for the smallest: where something may have been lost.
      if (((half + 0x400) & 0x7800) === 0) this.#countBfloat16(bits, half);
    }
    return values;
  }

  #countBfloat16(bits: number, half: number): void {
    if ((bits & 0x7f80) === 0x7f80) this.notFinite++;
    else this.#count(bits & 0x7fff, half, 1);
  }

  #count(value: number, half: number, weights: number): void {
    if ((half & 0x7c00) === 0x7c00) this.overflowed += weights;
    else if ((half & 0x7fff) === 0 && value !== 0) this.vanished += weights;
  }
}

let table: Uint16Array | undefined;

/** Every bfloat16 number as float16. */
const halvesOfBfloat16 = (): Uint16Array => (table ??= makeTable());

function makeTable(): Uint16Array {
  const floats = new Float32Array(Uint32Array.from({ length: 2 ** 16 }, (_, bits) => bits << 16).buffer);
  return Uint16Array.from(floats, floatToHalf);
}
