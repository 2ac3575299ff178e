import { existsSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { buildApp } from './buildApp';
import { reasonOf } from './failure';
import { projectRoot, toolScript } from './project';
import { runCommand } from './runCommand';
import { playwrightCounts, vitestCounts, type TestCounts } from './testCounts';

/** One step of a test run. */
export interface TestStep {
  readonly name: string;
  /** What comes after it means nothing if it fails. */
  readonly isGround?: true;
  readonly run: () => Promise<TestCounts>;
}

const none: TestCounts = { passed: 0, failed: 0, skipped: 0 };
const reportFile = (name: string): string => path.join(projectRoot, 'test-results', `${name}.json`);

/** Runs a tool of ours in the open. */
const tool = (script: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<void> =>
  runCommand(process.execPath, [toolScript(script), ...args], { cwd: projectRoot, env: { ...process.env, ...env } });

export const lintStep: TestStep = {
  name: 'Lint and format',
  run: async () => {
    await tool('eslint/bin/eslint.js', ['--max-warnings', '0', '.']);
    await tool('prettier/bin/prettier.cjs', ['--check', '--log-level', 'warn', '.']);
    return none;
  },
};

export const typesStep: TestStep = {
  name: 'Types',
  run: async () => {
    await tool('typescript/bin/tsc', ['--build', '--noEmit']);
    return none;
  },
};

export const buildStep: TestStep = {
  name: 'Build',
  isGround: true,
  run: async () => {
    await buildApp();
    return none;
  },
};

export const unitStep: TestStep = {
  name: 'Unit tests',
  run: () => {
    const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${reportFile('unit')}`];
    return counted('unit', vitestCounts, () => tool('vitest/vitest.mjs', ['run', ...reporters]));
  },
};

/** The journeys, on the given screen. */
export const journeysStep = (display: string | undefined, args: readonly string[] = []): TestStep => ({
  name: 'Journeys through the real app',
  run: () => {
    const env = { PLAYWRIGHT_JSON_OUTPUT_FILE: reportFile('e2e'), ...(display !== undefined && { DISPLAY: display }) };
    return counted('e2e', playwrightCounts, () => tool('@playwright/test/cli.js', ['test', ...args], env));
  },
});

/** Counts from the report a test runner leaves. A run that failed for another reason than a test counts as one failure. */
async function counted(
  name: string,
  parse: (report: string) => TestCounts,
  run: () => Promise<void>,
): Promise<TestCounts> {
  rmSync(reportFile(name), { force: true });
  const error = await run().then(
    () => undefined,
    (reason: unknown) => reasonOf(reason),
  );
  const counts = existsSync(reportFile(name)) ? parse(readFileSync(reportFile(name), 'utf8')) : none;
  if (error === undefined || counts.failed > 0) return counts;
  console.error(error);
  return { ...counts, failed: 1 };
}
