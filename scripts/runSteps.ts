import { reasonOf } from './failure';
import { sumCounts, type TestCounts } from './testCounts';
import type { TestStep } from './testSteps';

/** Runs steps one after the other, whatever fails, up to a failed ground. Ends with the line `N passed, N failed`. */
export async function runSteps(steps: readonly TestStep[]): Promise<void> {
  const counts: TestCounts[] = [];
  const summary: string[] = [];
  for (const step of steps) {
    console.log(`\n── ${step.name} ${'─'.repeat(Math.max(0, 70 - step.name.length))}`);
    const startedAtMs = Date.now();
    const result = await step.run().catch((error: unknown) => {
      console.error(reasonOf(error));
      return { passed: 0, failed: 1, skipped: 0 };
    });
    counts.push(result);
    summary.push(describe(step.name, result, Date.now() - startedAtMs));
    if (step.isGround && result.failed > 0) {
      summary.push(...steps.slice(steps.indexOf(step) + 1).map(({ name }) => `✗ ${name}, not run`));
      break;
    }
  }
  const total = sumCounts(counts);
  console.log(`\n${summary.join('\n')}\n\n${total.passed} passed, ${total.failed} failed`);
  if (total.failed > 0) process.exitCode = 1;
}

function describe(name: string, { passed, failed, skipped }: TestCounts, durationMs: number): string {
  const outcome = [`${failed > 0 ? '✗' : '✓'} ${name} (${Math.round(durationMs / 1000)} s)`];
  if (passed + failed > 0) outcome.push(`${passed} passed`, `${failed} failed`);
  if (skipped > 0) outcome.push(`${skipped} skipped`);
  return outcome.join(', ');
}
