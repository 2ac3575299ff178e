import { nf4Code } from './nf4';

/** As many bfloat16 steps below the largest magnitude, ten halvings of 128 each, a number has the code of zero. */
const mostSteps = 1280;

/** NF4's 15 thresholds among bfloat16 numbers. Such a number has 7 fraction bits, and codes depend on the ratio to the
 *  largest magnitude of the block: so a threshold is a number of bfloat16 steps from that magnitude, which depends on its
 *  fraction alone. int16 [fraction: 128, 16]; where the largest magnitude has the bits L, a number's code is above n if its
 *  magnitude's bits, negative for a negative number, are above [n] - L for n < 7 and above [n] + L from 7 on. */
export function nf4Steps(): Int16Array {
  const steps = new Int16Array(128 * 16);
  for (let fraction = 0; fraction < 128; fraction++) {
    const largest = (127 << 7) | fraction;
    const reciprocal = Math.fround(1 / bfloat16(largest));
    const codeOf = (magnitude: number, sign: 1 | -1) => nf4Code(Math.fround(sign * bfloat16(magnitude) * reciprocal));
    for (let code = 0; code < 15; code++)
      steps[fraction * 16 + code] =
        code < 7
          ? largest - firstUpTo(largest, (magnitude) => codeOf(magnitude, -1) <= code)
          : firstUpTo(largest, (magnitude) => codeOf(magnitude, 1) > code) - 1 - largest;
  }
  return steps;
}

/** The first magnitude for which `holds`, as it does for all above, up to and including `largest`. */
function firstUpTo(largest: number, holds: (magnitude: number) => boolean): number {
  let [first, last] = [largest - mostSteps, largest];
  while (first < last) {
    const middle = (first + last) >>> 1;
    if (holds(middle)) last = middle;
    else first = middle + 1;
  }
  return first;
}

const scratchBits = new Uint32Array(1);
const scratch = new Float32Array(scratchBits.buffer);

function bfloat16(bits: number): number {
  scratchBits[0] = bits << 16;
  return scratch[0]!;
}
