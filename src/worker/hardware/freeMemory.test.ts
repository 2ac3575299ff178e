import { expect, test } from 'vitest';
import { freeMemory } from './freeMemory';

test('a limit of the user’s holds where less would be taken than is free', () => {
  expect(freeMemory({ DESKMATE_MEMORY_LIMIT: '1000000' })).toBe(1_000_000);
  expect(freeMemory({ DESKMATE_MEMORY_LIMIT: '1e6' })).toBe(1_000_000);
  expect(freeMemory({ DESKMATE_MEMORY_LIMIT: '1e18' })).toBeLessThan(1e18);
});

test.each(['', '0', '-5', 'eight gigabytes', undefined])('%j is no limit', (limit) => {
  expect(freeMemory(limit === undefined ? {} : { DESKMATE_MEMORY_LIMIT: limit })).toBeGreaterThan(1e7);
});
