/** How many tests passed, failed and were skipped. */
export interface TestCounts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/** From Vitest's JSON report. */
export function vitestCounts(report: string): TestCounts {
  // Vitest documents these fields; a report without them would show as NaN and fail the run.
  const json = JSON.parse(report) as Record<'numPassedTests' | 'numFailedTests' | 'numTotalTests', number>;
  const { numPassedTests: passed, numFailedTests: failed, numTotalTests: total } = json;
  return { passed, failed, skipped: total - passed - failed };
}

/** From Playwright's JSON report. */
export function playwrightCounts(report: string): TestCounts {
  // Playwright documents these fields.
  const { stats } = JSON.parse(report) as { stats: Record<'expected' | 'unexpected' | 'flaky' | 'skipped', number> };
  return { passed: stats.expected + stats.flaky, failed: stats.unexpected, skipped: stats.skipped };
}

export const sumCounts = (all: readonly TestCounts[]): TestCounts => ({
  passed: all.reduce((sum, { passed }) => sum + passed, 0),
  failed: all.reduce((sum, { failed }) => sum + failed, 0),
  skipped: all.reduce((sum, { skipped }) => sum + skipped, 0),
});
