import { appendFileSync } from 'node:fs';
import { access, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { _electron, test as base, type ElectronApplication, type Page } from '@playwright/test';
import { resolveElectron } from '../scripts/electronRuntime';
import { projectRoot } from '../scripts/project';
import { sandboxArguments } from '../scripts/sandbox';
import { vulkanEnvironment } from '../scripts/vulkanEnvironment';

export { expect } from '@playwright/test';

export interface LaunchOptions {
  /** The system's language, which the app follows until told otherwise. */
  readonly language?: 'en' | 'zh-CN';
  /** A folder with `package.json`, `out/` and `assets/` in place of the repository. */
  readonly appFolder?: string;
  /** As for someone who never started Deskmate: the first steps come before the conversations. */
  readonly isFirstStart?: boolean;
}

/** A running app with its main window. */
export interface RunningApp {
  readonly electron: ElectronApplication;
  readonly window: Page;
  /** Quits as a user does, and waits until the process is gone. */
  readonly quit: () => Promise<void>;
}

/** One user's data folder, and the app started on it as often as a journey wants. */
export interface Desk {
  readonly profile: string;
  readonly launch: (options?: LaunchOptions) => Promise<RunningApp>;
}

/** `desk` is an empty profile; what is still running at the end is closed, and a failure gets the app's own output. */
export const test = base.extend<{ desk: Desk }>({
  desk: async ({}, use, testInfo) => {
    const profile = await mkdtemp(path.join(os.tmpdir(), 'deskmate-e2e-'));
    const log = testInfo.outputPath('app.log');
    const running: ElectronApplication[] = [];
    const launch = async (options: LaunchOptions = {}): Promise<RunningApp> => {
      if (options.isFirstStart !== true) await skipFirstSteps(profile);
      const electron = await start(profile, options);
      running.push(electron);
      recordOutput(electron, log);
      const window = await electron.firstWindow();
      return { electron, window, quit: () => electron.close() };
    };
    await use({ profile, launch });
    for (const electron of running) await electron.close();
    if (testInfo.status !== testInfo.expectedStatus) await testInfo.attach('app.log', { path: log });
    await rm(profile, { recursive: true, force: true });
  },
});

/** What the app writes once they are behind the user; settings that are there stay. */
async function skipFirstSteps(profile: string): Promise<void> {
  const file = path.join(profile, 'settings.json');
  const isThere = await access(file).then(
    () => true,
    () => false,
  );
  if (!isThere) await writeFile(file, JSON.stringify({ hasStarted: true }));
}

async function start(profile: string, options: LaunchOptions): Promise<ElectronApplication> {
  const { executable } = await resolveElectron();
  const locale = options.language === 'zh-CN' ? 'zh_CN.UTF-8' : 'en_US.UTF-8';
  return await _electron.launch({
    executablePath: executable,
    // The window is drawn without the GPU: what these journeys watch is not the graphics driver.
    args: [...sandboxArguments(), '--disable-gpu', `--user-data-dir=${profile}`, options.appFolder ?? projectRoot],
    colorScheme: null, // not Playwright's, the app's
    env: { ...definedEnvironment(), ...vulkanEnvironment(), LANG: locale, LANGUAGE: locale, LC_ALL: locale },
  });
}

/** Playwright wants no undefined among the variables. */
function definedEnvironment(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}

function recordOutput(electron: ElectronApplication, log: string): void {
  const { stdout, stderr } = electron.process();
  for (const output of [stdout, stderr])
    output?.on('data', (chunk: Buffer) => {
      appendFileSync(log, chunk);
    });
}

/** Keeps a picture of the window for people to look at, in test-results/screens. */
export async function takeScreenshot(window: Page, name: string): Promise<void> {
  await window.screenshot({ path: path.join(projectRoot, 'test-results', 'screens', `${name}.png`) });
}
