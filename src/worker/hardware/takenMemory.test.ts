import { expect, test } from 'vitest';
import type { Gpu } from '../../shared/hardware';
import { card } from './situation.test-support';
import { readMemory, takenMemory } from './takenMemory';

const reading = (gpu: Gpu | undefined, rss = 0, peakRss = 0) => ({ gpu, rss, peakRss });
const onGpu = { device: 'gpu', weightsBytes: 7e9 } as const;
const onCpu = { device: 'cpu', weightsBytes: 7e9 } as const;

test('on a GPU it is what is no longer free', () => {
  expect(takenMemory(reading(card(12e9)), reading(card(3.5e9)), onGpu)).toBe(8.5e9);
});

test.each<[string, Gpu | undefined, Gpu | undefined]>([
  ['a program gave memory back meanwhile', card(12e9), card(6e9)],
  ['another GPU computes', card(12e9), card(12e9)],
  ['nothing is told before', card(null), card(3e9)],
  ['nothing is told after', card(12e9), card(null)],
  ['the GPU is gone', card(12e9), undefined],
  ['another GPU has more memory free now', card(12e9), { ...card(3e9), name: 'Another' }],
  ['all share one memory', { ...card(20e9), kind: 'unified' }, { ...card(9e9), kind: 'unified' }],
])('it is not known when %s', (_, before, after) => {
  expect(takenMemory(reading(before), reading(after), onGpu)).toBeNull();
});

test('on the CPU it is the highest point above where it began, if that is of this model', () => {
  expect(takenMemory(reading(undefined, 2e8, 3e8), reading(undefined, 8e9, 9e9), onCpu)).toBe(8.8e9);
  expect(takenMemory(reading(undefined, 2e8, 9e9), reading(undefined, 8e9, 9e9), onCpu)).toBeNull();
});

test('this process', () => {
  const before = readMemory([card(3), card(7)]);
  expect(before.gpu!.vramFree).toBe(7);
  const size = before.peakRss - before.rss + 2 ** 26; // enough to rise above the highest point so far
  const block = new Uint8Array(size).fill(1);
  const taken = takenMemory(before, readMemory([]), onCpu)!;
  expect(taken).toBeGreaterThan(0.9 * block.length);
  expect(taken).toBeLessThan(block.length + 2 ** 27);
});
