import { expect, test } from 'vitest';
import { playwrightCounts, sumCounts, vitestCounts } from './testCounts';

test('Vitest: what neither passed nor failed was skipped', () => {
  const report = JSON.stringify({ numTotalTests: 10, numPassedTests: 7, numFailedTests: 1, numPendingTests: 2 });
  expect(vitestCounts(report)).toEqual({ passed: 7, failed: 1, skipped: 2 });
});

test('Playwright: a test that passed at its second try has passed', () => {
  const report = JSON.stringify({ stats: { expected: 5, unexpected: 1, flaky: 1, skipped: 0 } });
  expect(playwrightCounts(report)).toEqual({ passed: 6, failed: 1, skipped: 0 });
});

test('sums', () => {
  const one = { passed: 1, failed: 2, skipped: 3 };
  expect(sumCounts([one, one])).toEqual({ passed: 2, failed: 4, skipped: 6 });
});
