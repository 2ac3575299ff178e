// AssemblyScript: `npm run assembly` compiles this file into src/worker/sampling/logitsModule.ts.
//
// What choosing a token asks of all logits of a vocabulary, float32, several at a time:
//
//   logits ─┬─ highest                                   → the best
//           ├─ (logit - best) / temperature              → logits
//           ├─ e^(logit - best), added up in each block  → sums, their total
//           └─ those not below a floor                   → ids
//
// None is NaN, and the caller fills the last block up with -Infinity. Pointers are byte offsets.

/** 64 logits. */
const blockBytes: usize = 256;

export function highest(logits: usize, end: usize): f32 {
  let a = v128.load(logits),
    b = a,
    c = a,
    d = a;
  for (; logits < end; logits += 64) {
    a = f32x4.pmax(a, v128.load(logits));
    b = f32x4.pmax(b, v128.load(logits, 16));
    c = f32x4.pmax(c, v128.load(logits, 32));
    d = f32x4.pmax(d, v128.load(logits, 48));
  }
  a = f32x4.max(f32x4.max(a, b), f32x4.max(c, d));
  return max(
    max(f32x4.extract_lane(a, 0), f32x4.extract_lane(a, 1)),
    max(f32x4.extract_lane(a, 2), f32x4.extract_lane(a, 3)),
  );
}

/** As with float64 numbers that are rounded at the end. */
export function temper(logits: usize, end: usize, best: f64, temperature: f64): void {
  const bests = f64x2.splat(best);
  const divisor = f64x2.splat(temperature);
  for (; logits < end; logits += 8) {
    const distance = f64x2.sub(f64x2.promote_low_f32x4(v128.load64_zero(logits)), bests);
    v128.store64_lane(logits, f32x4.demote_f64x2_zero(f64x2.div(distance, divisor)), 0);
  }
}

/** Stores the sum of each block's weights, and returns the total. */
export function weigh(logits: usize, end: usize, best: f64, sums: usize): f64 {
  const bests = f64x2.splat(best);
  let total: f64 = 0;
  for (; logits < end; sums += 8) {
    let sum = f64x2.splat(0);
    for (let blockEnd = logits + blockBytes; logits < blockEnd; logits += 8) {
      sum = f64x2.add(sum, weights(f64x2.sub(bests, f64x2.promote_low_f32x4(v128.load64_zero(logits)))));
    }
    const both = f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1);
    store<f64>(sums, both);
    total += both;
  }
  return total;
}

/** Distances from which on a weight is 0: that of softmaxWeight.ts. */
const limit: f64 = 40;

/** Added to a number between -2^51 and 2^51 and taken away again, it rounds; meanwhile the lowest bits hold the integer. */
const rounder: f64 = 6755399441055744; // 1.5 · 2^52

/** e^-gap within 1e-8 of its value: 2^n · e^rest with |rest| ≤ ln(2) / 2, and seven terms of its Taylor series behind the first. */
function weights(gaps: v128): v128 {
  const shifted = f64x2.add(f64x2.mul(gaps, f64x2.splat(-1.4426950408889634)), f64x2.splat(rounder));
  const n = f64x2.sub(shifted, f64x2.splat(rounder));
  const rest = f64x2.sub(f64x2.mul(n, f64x2.splat(-0.6931471805599453)), gaps);
  let power = f64x2.splat(1.0 / 5040.0);
  power = f64x2.add(f64x2.mul(power, rest), f64x2.splat(1.0 / 720.0));
  power = f64x2.add(f64x2.mul(power, rest), f64x2.splat(1.0 / 120.0));
  power = f64x2.add(f64x2.mul(power, rest), f64x2.splat(1.0 / 24.0));
  power = f64x2.add(f64x2.mul(power, rest), f64x2.splat(1.0 / 6.0));
  power = f64x2.add(f64x2.mul(power, rest), f64x2.splat(0.5));
  power = f64x2.add(f64x2.mul(power, rest), f64x2.splat(1));
  power = f64x2.add(f64x2.mul(power, rest), f64x2.splat(1));
  const scaled = i64x2.add(power, i64x2.shl(shifted, 52)); // adds n to the exponent
  return v128.and(scaled, f64x2.lt(gaps, f64x2.splat(limit)));
}

/** Stores the positions of logits that are not below `floor`, ascending, as uint32, and returns how many they are. */
export function findFrom(logits: usize, end: usize, floor: f32, ids: usize): i32 {
  const floors = f32x4.splat(floor);
  const firstLogit = logits;
  const firstId = ids;
  for (; logits < end; logits += 32) {
    const low = f32x4.ge(v128.load(logits), floors);
    const high = f32x4.ge(v128.load(logits, 16), floors);
    if (!v128.any_true(v128.or(low, high))) continue;
    for (let mask = i32x4.bitmask(low) | (i32x4.bitmask(high) << 4); mask != 0; mask &= mask - 1) {
      store<u32>(ids, <u32>((logits - firstLogit) >> 2) + ctz(mask));
      ids += 4;
    }
  }
  return <i32>((ids - firstId) >> 2);
}
