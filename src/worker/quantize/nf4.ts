/** The 16 levels of bitsandbytes' 4-bit NormalFloat; zero is code 7. QLoRA (arXiv:2305.14314). */
export const nf4Levels = [
  -1.0, -0.6961928009986877, -0.5250730514526367, -0.39491748809814453, -0.28444138169288635, -0.18477343022823334,
  -0.09105003625154495, 0.0, 0.07958029955625534, 0.16093020141124725, 0.24611230194568634, 0.33791524171829224,
  0.44070982933044434, 0.5626170039176941, 0.7229568362236023, 1.0,
] as const;

/** A value above threshold k has a code above k: the midpoints as bitsandbytes rounds them (kernels.cu). */
const thresholds = Float32Array.of(
  -0.8480964004993439,
  -0.6106329262256622,
  -0.4599952697753906,
  -0.33967943489551544,
  -0.23460740596055984,
  -0.13791173323988914,
  -0.045525018125772476,
  0.03979014977812767,
  0.1202552504837513,
  0.2035212516784668,
  0.2920137718319893,
  0.3893125355243683,
  0.5016634166240692,
  0.6427869200706482,
  0.8614784181118011,
);

export const nf4BlockSize = 64;

/** Quantizes a flattened [out, in] weight to NF4 in blocks of 64 consecutive elements, as ONNX Runtime's MatMulBnb4
 *  (quant_type 1) and bitsandbytes store it: `codes` uint8 [length / 2], the even element in the high nibble;
 *  `absmax` float32 [length / 64, rounded up]. */
export function quantizeNf4(weights: Float32Array): { codes: Uint8Array; absmax: Float32Array } {
  const codes = new Uint8Array(Math.ceil(weights.length / 2));
  const absmax = new Float32Array(Math.ceil(weights.length / nf4BlockSize));
  for (let block = 0; block < absmax.length; block++) {
    const start = block * nf4BlockSize;
    const end = Math.min(start + nf4BlockSize, weights.length);
    const largest = largestMagnitude(weights, start, end);
    absmax[block] = largest;
    const reciprocal = largest === 0 ? 0 : Math.fround(1 / largest);
    for (let i = start; i < end; i++) {
      const code = nf4Code(Math.fround(weights[i]! * reciprocal));
      codes[i >>> 1]! |= i & 1 ? code : code << 4;
    }
  }
  return { codes, absmax };
}

function largestMagnitude(weights: Float32Array, start: number, end: number): number {
  let largest = 0;
  for (let i = start; i < end; i++) largest = Math.max(largest, Math.abs(weights[i]!));
  return largest;
}

/** The code of a weight divided by its block's absmax: binary search over the 15 thresholds; a value equal to one keeps
 *  the lower code. */
export function nf4Code(value: number): number {
  let code = 0;
  for (let step = 8; step > 0; step >>>= 1) if (value > thresholds[code + step - 1]!) code += step;
  return code;
}
