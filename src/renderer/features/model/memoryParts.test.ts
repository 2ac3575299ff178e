import { expect, test } from 'vitest';
import { memoryParts } from './memoryParts';

test('parts and what is free make up the whole', () => {
  const { parts, usedBytes, freeBytes } = memoryParts({
    kind: 'vram',
    totalBytes: 8,
    othersBytes: 1,
    weightsBytes: 4,
    conversationBytes: 1,
  });
  expect(parts.map(({ name, percent }) => [name, percent])).toEqual([
    ['others', 12.5],
    ['weights', 50],
    ['conversation', 12.5],
  ]);
  expect([usedBytes, freeBytes]).toEqual([6, 2]);
});

test('claims beyond the total never run over the bar', () => {
  const { parts, freeBytes } = memoryParts({
    kind: 'ram',
    totalBytes: 4,
    othersBytes: 4,
    weightsBytes: 4,
    conversationBytes: 0,
  });
  expect(parts.reduce((sum, { percent }) => sum + percent, 0)).toBe(100);
  expect(freeBytes).toBe(0);
});

test('what could not be measured is left out, never guessed', () => {
  const own = { kind: 'vram' as const, weightsBytes: 3, conversationBytes: 1 };
  const unknown = memoryParts({ ...own, totalBytes: null, othersBytes: null });
  expect(unknown.parts.map(({ name, percent }) => [name, percent])).toEqual([
    ['weights', 75],
    ['conversation', 25],
  ]);
  expect(unknown).toMatchObject({ usedBytes: 4, freeBytes: null });
  expect(memoryParts({ ...own, totalBytes: 8, othersBytes: null }).freeBytes).toBeNull();
});
