/** Numbers in [0, 1) that depend on nothing but `seed` (uint32): xoshiro128** by Blackman and Vigna (xoshiro128starstar.c), its state
 *  filled by splitmix32. The same on every platform. */
export function seededRandom(seed: number): () => number {
  const word = splitmix32(seed);
  const next = xoshiro128StarStar([word(), word(), word(), word()]);
  return () => next() / 2 ** 32;
}

/** uint32 after uint32 from a state of four, not all zero. */
export function xoshiro128StarStar(seed: readonly [number, number, number, number]): () => number {
  let [a, b, c, d] = seed;
  return () => {
    const result = Math.imul(rotateLeft(Math.imul(b, 5), 7), 9) >>> 0;
    const shifted = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= shifted;
    d = rotateLeft(d, 11);
    return result;
  };
}

const rotateLeft = (x: number, bits: number) => (x << bits) | (x >>> (32 - bits));

/** SplitMix with 32-bit words: a Weyl sequence through a mixer found by the hash-prospector project. */
function splitmix32(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x9e3779b9) | 0;
    let word = Math.imul(state ^ (state >>> 16), 0x21f0aaad);
    word = Math.imul(word ^ (word >>> 15), 0x735a2d97);
    return (word ^ (word >>> 15)) >>> 0;
  };
}
