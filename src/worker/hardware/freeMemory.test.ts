import { expect, test } from 'vitest';
import { freeMemory, withinLimit } from './freeMemory';

test('a limit of the user’s holds where less would be taken than is free', () => {
  expect(freeMemory({ DESKMATE_MEMORY_LIMIT: '1000000' })).toBe(1_000_000);
  expect(freeMemory({ DESKMATE_MEMORY_LIMIT: '1e6' })).toBe(1_000_000);
  expect(freeMemory({ DESKMATE_MEMORY_LIMIT: '1e18' })).toBeLessThan(1e18);
  expect(withinLimit(17e9, { DESKMATE_MEMORY_LIMIT: '8e9' })).toBe(8e9); // as a Mac's pages are counted
  expect(withinLimit(17e9, {})).toBe(17e9);
});

test.each(['', '0', '-5', 'eight gigabytes', undefined])('%j is no limit', (limit) => {
  expect(freeMemory(limit === undefined ? {} : { DESKMATE_MEMORY_LIMIT: limit })).toBeGreaterThan(1e7);
});
