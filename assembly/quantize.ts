// AssemblyScript: `npm run assembly` compiles this file into src/worker/quantize/quantizeModule.ts.
//
// Blocks of bfloat16 numbers → codes and scales, 8 numbers at a time:
//
//   values ─┬─ magnitude, then sign ── largest of the block ─┬─ scale                                → scales
//           │                                                ├─ 2 / scale ───┐
//           ├─ float32, 2 × 4 ─────────────────────── int8, int4 ── multiply, round, narrow          → codes
//           │                                                └─ 15 thresholds ─┐
//           └─ int16 of the same order ──────────────────────────── nf4 ── count those below         → codes
//
// Each step rounds as the general functions do (blockwise.ts, nf4.ts), so the codes are theirs, bit by bit. Numbers next to
// zero, among which a reciprocal may overflow, and what is no number are left to the caller: such a block's scale is NaN,
// and its codes mean nothing. Block sizes are multiples of 32. Pointers are byte offsets.

/** Largest magnitudes from here (2^-95) up to infinity have a reciprocal that is a number. */
const smallest: u32 = 32 << 7;
const infinity: u32 = 0x7f80;

/** Where the caller puts the table of nf4Steps.ts, 32 bytes for each fraction, and what follows it. */
const nf4Steps: usize = 0;
const thresholds: usize = 128 * 32;

export function quantizeInt8(values: usize, codes: usize, scales: usize, blocks: usize, blockSize: usize): void {
  for (let block: usize = 0; block < blocks; block++) {
    const scale = blockwiseScale(largestKey(values, blockSize), 1.0 / 128.0);
    store<f32>(scales + 4 * block, scale);
    const twice = f32x4.splat(twiceReciprocal(scale));
    for (let end = values + 2 * blockSize; values < end; values += 32, codes += 16) {
      const signed = i8x16.narrow_i16x8_s(rounded(v128.load(values), twice), rounded(v128.load(values, 16), twice));
      v128.store(codes, v128.xor(signed, i8x16.splat(-128))); // -128 … 127 → 0 … 255
    }
  }
}

/** The even element in the low nibble. */
export function quantizeInt4(values: usize, codes: usize, scales: usize, blocks: usize, blockSize: usize): void {
  for (let block: usize = 0; block < blocks; block++) {
    const scale = blockwiseScale(largestKey(values, blockSize), 1.0 / 8.0);
    store<f32>(scales + 4 * block, scale);
    const twice = f32x4.splat(twiceReciprocal(scale));
    for (let end = values + 2 * blockSize; values < end; values += 32, codes += 8) {
      const first = int4Codes(v128.load(values), twice);
      const second = int4Codes(v128.load(values, 16), twice);
      storePairs(codes, v128.or(first, i32x4.shr_u(first, 12)), v128.or(second, i32x4.shr_u(second, 12)));
    }
  }
}

/** The even element in the high nibble. 64 bytes hold 32 numbers. */
export function quantizeNf4(values: usize, codes: usize, scales: usize, blocks: usize, blockSize: usize): void {
  for (let block: usize = 0; block < blocks; block++) {
    const largest = largestKey(values, blockSize) >> 1;
    store<f32>(scales + 4 * block, isRegular(largest) ? reinterpret<f32>(largest << 16) : f32.NaN);
    storeThresholds(max(largest, smallest)); // among zeros any will do
    for (let end = values + 2 * blockSize; values < end; values += 64, codes += 16) {
      nf4Codes(values, codes);
    }
  }
}

/** The bits of the number of largest magnitude, with the sign moved to the end: on a tie the negative one. */
function largestKey(values: usize, blockSize: usize): u32 {
  let keys = i16x8.splat(0);
  for (let end = values + 2 * blockSize; values < end; values += 16) {
    const bits = v128.load(values);
    keys = i16x8.max_u(keys, v128.or(i16x8.shl(bits, 1), i16x8.shr_u(bits, 15)));
  }
  keys = i16x8.max_u(keys, i8x16.shuffle(keys, keys, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7));
  keys = i16x8.max_u(keys, i8x16.shuffle(keys, keys, 4, 5, 6, 7, 0, 1, 2, 3, 12, 13, 14, 15, 8, 9, 10, 11));
  return max(i16x8.extract_lane_u(keys, 0), i16x8.extract_lane_u(keys, 1));
}

function isRegular(largest: u32): bool {
  return largest == 0 || (largest >= smallest && largest < infinity);
}

/** Of the sign that gives the largest number the code 0. */
function blockwiseScale(key: u32, step: f32): f32 {
  const largest = key >> 1;
  if (largest == 0) return -0.0; // of zeros of any sign
  return isRegular(largest) ? -step * reinterpret<f32>((largest | (key << 15)) << 16) : f32.NaN;
}

function twiceReciprocal(scale: f32): f32 {
  return scale == 0 ? 0 : <f32>2.0 / scale;
}

/** 8 numbers → int16, rounded half away from zero; beyond what the format holds where only the largest can be. */
function rounded(bits: v128, twice: v128): v128 {
  return i16x8.narrow_i32x4_s(halved(f32x4.mul(lowFloats(bits), twice)), halved(f32x4.mul(highFloats(bits), twice)));
}

/** Half of twice a number, rounded half away from zero: twice it loses no more than a fraction that does not matter. */
function halved(twice: v128): v128 {
  const whole = i32x4.trunc_sat_f32x4_s(twice);
  return i32x4.shr_s(i32x4.sub(whole, i32x4.ge_s(whole, i32x4.splat(0))), 1);
}

function int4Codes(bits: v128, twice: v128): v128 {
  return i16x8.add(i16x8.min_s(rounded(bits, twice), i16x8.splat(7)), i16x8.splat(8));
}

/** Thresholds of a block: numbers above the n-th have a code above n. Those for negative numbers move against the largest. */
function storeThresholds(largest: u32): void {
  const steps = nf4Steps + ((largest & 127) << 5);
  const positive = i16x8.splat(<i16>largest);
  const negative = i16x8.neg(positive);
  v128.store(thresholds, i16x8.add(v128.load(steps), i16x8.replace_lane(negative, 7, <i16>largest)));
  v128.store(thresholds, i16x8.add(v128.load(steps, 16), positive), 16);
}

/** 32 numbers, each of which is compared with all 15 thresholds. A comparison that holds gives -1. */
function nf4Codes(values: usize, codes: usize): void {
  const a = ordered(v128.load(values));
  const b = ordered(v128.load(values, 16));
  const c = ordered(v128.load(values, 32));
  const d = ordered(v128.load(values, 48));
  let below = i16x8.splat(0),
    belowB = below,
    belowC = below,
    belowD = below;
  for (let at = thresholds; at < thresholds + 30; at += 2) {
    const threshold = v128.load16_splat(at);
    below = i16x8.sub(below, i16x8.gt_s(a, threshold));
    belowB = i16x8.sub(belowB, i16x8.gt_s(b, threshold));
    belowC = i16x8.sub(belowC, i16x8.gt_s(c, threshold));
    belowD = i16x8.sub(belowD, i16x8.gt_s(d, threshold));
  }
  storePairs(codes, nf4Pairs(below), nf4Pairs(belowB));
  storePairs(codes + 8, nf4Pairs(belowC), nf4Pairs(belowD));
}

/** Bits of bfloat16 numbers → int16 of the same order: signs and magnitudes become two's complements. */
function ordered(bits: v128): v128 {
  const sign = i16x8.shr_s(bits, 15);
  return i16x8.sub(v128.xor(v128.and(bits, i16x8.splat(0x7fff)), sign), sign);
}

function nf4Pairs(codes: v128): v128 {
  return v128.or(i32x4.shl(codes, 4), i32x4.shr_u(codes, 16));
}

/** A bfloat16 is the upper half of a float32. */
function lowFloats(bits: v128): v128 {
  return i8x16.shuffle(bits, i8x16.splat(0), 16, 16, 0, 1, 16, 16, 2, 3, 16, 16, 4, 5, 16, 16, 6, 7);
}

function highFloats(bits: v128): v128 {
  return i8x16.shuffle(bits, i8x16.splat(0), 16, 16, 8, 9, 16, 16, 10, 11, 16, 16, 12, 13, 16, 16, 14, 15);
}

/** Stores the lowest bytes of 2 × 4 lanes. */
function storePairs(codes: usize, first: v128, second: v128): void {
  const bytes = i32x4.splat(0xff);
  const narrow = i16x8.narrow_i32x4_u(v128.and(first, bytes), v128.and(second, bytes));
  v128.store64_lane(codes, i8x16.narrow_i16x8_u(narrow, narrow), 0);
}
