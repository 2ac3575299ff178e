import { expect, test } from 'vitest';
import { headGroups } from './headGroups';

test.each([
  [32, 64, 1],
  [32, 256, 1],
  [32, 257, 2],
  [32, 512, 2],
  [32, 2048, 8],
  [32, 8192, 32],
  [32, 16_384, 32],
  [3, 2730, 1],
  [3, 2731, 3],
  [12, 1100, 2],
  [12, 2000, 3],
])('%d heads of %d rows make %d groups', (heads, rows, groups) => {
  expect(headGroups(heads, rows)).toBe(groups);
});
