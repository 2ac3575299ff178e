/** The number formats a checkpoint may store weights in, by their safetensors names. */
export type Dtype = 'BF16' | 'F16' | 'F32';

export const bytesPerElement: Record<Dtype, number> = { BF16: 2, F16: 2, F32: 4 };

/** Little-endian bytes of `dtype` → float32, exactly. `bytes` may start at any alignment. */
export function toFloat32(bytes: Uint8Array, dtype: Dtype): Float32Array {
  const aligned = bytes.byteOffset % bytesPerElement[dtype] === 0 ? bytes : bytes.slice();
  const length = aligned.byteLength / bytesPerElement[dtype];
  switch (dtype) {
    case 'F32':
      return new Float32Array(aligned.buffer, aligned.byteOffset, length);
    case 'BF16':
      return fromBfloat16(new Uint16Array(aligned.buffer, aligned.byteOffset, length));
    case 'F16':
      return fromFloat16(new Uint16Array(aligned.buffer, aligned.byteOffset, length));
    default:
      return dtype satisfies never;
  }
}

/** A bfloat16 is the upper half of a float32. */
function fromBfloat16(values: Uint16Array): Float32Array {
  const bits = new Uint32Array(values.length);
  for (let i = 0; i < values.length; i++) bits[i] = values[i]! << 16;
  return new Float32Array(bits.buffer);
}

const halves = Float32Array.from({ length: 2 ** 16 }, (_, half) => halfToFloat(half));

/** There are few enough float16 numbers to know them all. */
function fromFloat16(values: Uint16Array): Float32Array {
  const floats = new Float32Array(values.length);
  for (let i = 0; i < values.length; i++) floats[i] = halves[values[i]!]!;
  return floats;
}

/** IEEE 754 binary16 bits → number. */
export function halfToFloat(half: number): number {
  const sign = half & 0x8000 ? -1 : 1;
  const exponent = (half >>> 10) & 0x1f;
  const fraction = half & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 0x1f) return fraction ? NaN : sign * Infinity;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

const scratch = new Float32Array(1);
const scratchBits = new Uint32Array(scratch.buffer);

/** number → IEEE 754 binary16 bits, round to nearest, ties to even; beyond 65504 becomes infinity. */
export function floatToHalf(value: number): number {
  scratch[0] = value;
  const bits = scratchBits[0]!;
  const sign = (bits >>> 16) & 0x8000;
  const magnitude = bits & 0x7fff_ffff;
  if (magnitude >= 0x7f80_0000) return sign | (magnitude > 0x7f80_0000 ? 0x7e00 : 0x7c00);
  if (magnitude >= 0x477f_f000) return sign | 0x7c00;
  if (magnitude < 0x3880_0000) return sign | roundHalfEven(Math.abs(value) * 2 ** 24); // subnormal, or zero
  // Rebias the exponent from 127 to 15, then round away the 13 extra fraction bits; a carry is the next exponent.
  const rebiased = magnitude - 0x3800_0000;
  return sign | ((rebiased + 0xfff + ((rebiased >>> 13) & 1)) >>> 13);
}

function roundHalfEven(value: number): number {
  const floor = Math.floor(value);
  const rest = value - floor;
  return rest > 0.5 || (rest === 0.5 && floor % 2 === 1) ? floor + 1 : floor;
}

/** float32 → binary16 bits, element by element. */
export function toFloat16(values: Float32Array): Uint16Array {
  const halves = new Uint16Array(values.length);
  for (let i = 0; i < values.length; i++) halves[i] = floatToHalf(values[i]!);
  return halves;
}
