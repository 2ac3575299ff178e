// AssemblyScript: `npm run assembly` compiles this file into src/worker/quantize/halvesModule.ts.
//
// Rows of bfloat16 numbers → columns of float16 numbers, 8 × 8 at a time:
//
//   source [rows, columns]                                      target [columns, stride]
//     8 × 8 numbers of 8 rows ── float16 ── three rounds of ────── 8 × 8 numbers of 8 columns
//                                 └ lost?   interleaving
//
// bfloat16 has fewer fraction bits than float16, and nearly all weights an exponent that it knows: only the bias changes. The
// halves of what is no number mean nothing.
// Rows and columns come in multiples of 8. Pointers are byte offsets.

/** Bits of bfloat16 magnitudes: float16 is subnormal below the first (2^-14), and has no number from the second on. */
const smallestNormal: i16 = 0x3880;
const tooLarge: i16 = 0x4780;
const infinity: i16 = 0x7f80;
/** From the bias of bfloat16's exponent, 127, to that of float16, 15. */
const rebias: i16 = (127 - 15) << 7;

/** How many numbers were none, were too large for float16 and became infinite, or were not zero and became it. */
export let notFinite: i32 = 0;
export let overflowed: i32 = 0;
export let vanished: i32 = 0;

/** Columns for which lines of the processor's cache are filled before it needs the place for others. */
const strip: usize = 32;

export function transposeHalves(source: usize, rows: usize, columns: usize, target: usize, stride: usize): void {
  notFinite = 0;
  overflowed = 0;
  vanished = 0;
  for (let left: usize = 0; left < columns; left += strip)
    for (let row: usize = 0; row < rows; row += 8)
      for (let column = left; column < min(left + strip, columns); column += 8)
        transposeSquare(
          source + 2 * (row * columns + column),
          2 * columns,
          target + 2 * (column * stride + row),
          2 * stride,
        );
}

/** Moves 8 × 8 numbers. Named by rows, then after each round by the row pairs, fours and eights that a vector holds. */
function transposeSquare(source: usize, sourceStep: usize, target: usize, targetStep: usize): void {
  const a = halves(v128.load(source));
  const b = halves(v128.load(source + sourceStep));
  const c = halves(v128.load(source + 2 * sourceStep));
  const d = halves(v128.load(source + 3 * sourceStep));
  const e = halves(v128.load(source + 4 * sourceStep));
  const f = halves(v128.load(source + 5 * sourceStep));
  const g = halves(v128.load(source + 6 * sourceStep));
  const h = halves(v128.load(source + 7 * sourceStep));
  const ae = low16(a, e),
    AE = high16(a, e);
  const bf = low16(b, f),
    BF = high16(b, f);
  const cg = low16(c, g),
    CG = high16(c, g);
  const dh = low16(d, h),
    DH = high16(d, h);
  const aceg0 = low16(ae, cg),
    aceg2 = high16(ae, cg),
    aceg4 = low16(AE, CG),
    aceg6 = high16(AE, CG);
  const bdfh0 = low16(bf, dh),
    bdfh2 = high16(bf, dh),
    bdfh4 = low16(BF, DH),
    bdfh6 = high16(BF, DH);
  v128.store(target, low16(aceg0, bdfh0));
  v128.store(target + targetStep, high16(aceg0, bdfh0));
  v128.store(target + 2 * targetStep, low16(aceg2, bdfh2));
  v128.store(target + 3 * targetStep, high16(aceg2, bdfh2));
  v128.store(target + 4 * targetStep, low16(aceg4, bdfh4));
  v128.store(target + 5 * targetStep, high16(aceg4, bdfh4));
  v128.store(target + 6 * targetStep, low16(aceg6, bdfh6));
  v128.store(target + 7 * targetStep, high16(aceg6, bdfh6));
}

/** The first four of both, in turns. */
function low16(a: v128, b: v128): v128 {
  return i8x16.shuffle(a, b, 0, 1, 16, 17, 2, 3, 18, 19, 4, 5, 20, 21, 6, 7, 22, 23);
}

/** The last four of both, in turns. */
function high16(a: v128, b: v128): v128 {
  return i8x16.shuffle(a, b, 8, 9, 24, 25, 10, 11, 26, 27, 12, 13, 28, 29, 14, 15, 30, 31);
}

function halves(bits: v128): v128 {
  const magnitude = v128.and(bits, i16x8.splat(0x7fff));
  const sign = v128.xor(bits, magnitude);
  const fromNormal = i16x8.sub(magnitude, i16x8.splat(smallestNormal));
  const isNormal = i16x8.lt_u(fromNormal, i16x8.splat(tooLarge - smallestNormal));
  const normal = i16x8.shl(i16x8.sub(magnitude, i16x8.splat(rebias)), 3);
  return v128.or(sign, i16x8.all_true(isNormal) ? normal : v128.bitselect(normal, unusual(magnitude), isNormal));
}

/** Magnitudes that are no normal numbers in float16. Seldom, so it counts as well. */
function unusual(magnitude: v128): v128 {
  const zero = i16x8.splat(0);
  const isNotFinite = i16x8.ge_s(magnitude, i16x8.splat(infinity));
  const isTooLarge = i16x8.ge_s(magnitude, i16x8.splat(tooLarge));
  // Subnormal: a float32 of the magnitude 0.5 has the very steps of float16's subnormal numbers, and adding rounds to them.
  const half = f32x4.splat(0.5);
  const low = i32x4.sub(f32x4.add(low16(zero, magnitude), half), half);
  const high = i32x4.sub(f32x4.add(high16(zero, magnitude), half), half);
  const subnormal = i16x8.narrow_i32x4_u(low, high);
  const isVanished = v128.andnot(i16x8.eq(subnormal, zero), i16x8.eq(magnitude, zero));
  notFinite += popcnt(i16x8.bitmask(isNotFinite));
  overflowed += popcnt(i16x8.bitmask(v128.andnot(isTooLarge, isNotFinite)));
  vanished += popcnt(i16x8.bitmask(v128.andnot(isVanished, isTooLarge)));
  return v128.bitselect(i16x8.splat(0x7c00), subnormal, isTooLarge);
}
