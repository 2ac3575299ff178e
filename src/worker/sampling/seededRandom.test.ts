import { expect, test } from 'vitest';
import { seededRandom, xoshiro128StarStar } from './seededRandom';

const take = (count: number, next: () => number) => Array.from({ length: count }, next);

test('xoshiro128** gives the numbers of its reference implementation', () => {
  // State {1, 2, 3, 4}, prng.di.unimi.it/xoshiro128starstar.c; also the test vector of Rust's rand_xoshiro.
  expect(take(10, xoshiro128StarStar([1, 2, 3, 4]))).toEqual([
    11520, 0, 5927040, 70819200, 2031721883, 1637235492, 1287239034, 3734860849, 3729100597, 4258142804,
  ]);
});

test.each([
  // Both algorithms in Python, with integers of any size.
  [0, [1789933344, 44971166, 2521387044, 3848737593]],
  [42, [660444221, 3652823732, 77672526, 910233633]],
])('seed %d has its numbers', (seed, words) => {
  expect(take(4, seededRandom(seed))).toEqual(words.map((word) => word / 2 ** 32));
});

test('neighbouring seeds have nothing in common, and the largest is one of them', () => {
  expect(seededRandom(0xffff_ffff)()).not.toBeCloseTo(seededRandom(0xffff_fffe)(), 3);
});
