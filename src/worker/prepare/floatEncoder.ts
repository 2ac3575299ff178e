import { toFloat16, toFloat32, type Dtype } from '../checkpoint/dtype';
import type { FloatType } from '../checkpoint/floatType';
import type { Lost } from '../quantize/halvesKernel';

/** Turns numbers into the graph's format, and counts the weights that float16 has no room for. */
export class FloatEncoder {
  /** Weights beyond 65504: as float16 they would be infinite. */
  overflowed = 0;
  /** Weights that are not zero and become it. */
  vanished = 0;
  /** Weights that are no numbers in the checkpoint already. */
  notFinite = 0;

  constructor(readonly floatType: FloatType) {}

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

  /** `bytes` of a checkpoint as the bits of float16 numbers. */
  encodeHalves(bytes: Uint8Array, dtype: Dtype): Uint16Array {
    const halves = this.encode(toFloat32(bytes, dtype));
    return new Uint16Array(halves.buffer, halves.byteOffset, halves.length / 2);
  }

  /** Weights that were lost elsewhere. */
  count({ notFinite, overflowed, vanished }: Lost): void {
    this.notFinite += notFinite;
    this.overflowed += overflowed;
    this.vanished += vanished;
  }

  #count(value: number, half: number, weights: number): void {
    if ((half & 0x7c00) === 0x7c00) this.overflowed += weights;
    else if ((half & 0x7fff) === 0 && value !== 0) this.vanished += weights;
  }
}
