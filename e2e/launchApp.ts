import { appendFileSync, existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { _electron, test as base, type ElectronApplication, type Page } from '@playwright/test';
import { resolveElectron } from '../scripts/electronRuntime';
import { projectRoot } from '../scripts/project';
import { sandboxArguments } from '../scripts/sandbox';
import { vulkanEnvironment } from '../scripts/vulkanEnvironment';
import type { Settings } from '../src/shared/settings';

export { expect } from '@playwright/test';

export interface LaunchOptions {
  /** The system's language, which the app follows until told otherwise. */
  readonly language?: 'en' | 'zh-CN';
  /** A folder with `package.json`, `out/` and `assets/` in place of the repository. */
  readonly appFolder?: string;
  /** What was chosen before the first start; later starts find what it left. */
  readonly settings?: Partial<Settings>;
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

/** `desk` is an empty profile; what is still running at the end is closed, and a failure gets the app's own output and log. */
export const test = base.extend<{ desk: Desk }>({
  desk: async ({}, use, testInfo) => {
    const profile = await mkdtemp(path.join(os.tmpdir(), 'deskmate-e2e-'));
    const log = testInfo.outputPath('app.log');
    const running: ElectronApplication[] = [];
    const launch = async (options: LaunchOptions = {}): Promise<RunningApp> => {
      await storeSettings(profile, { hasStarted: true, ...options.settings });
      const electron = await start(profile, options);
      running.push(electron);
      recordOutput(electron, log);
      const window = await electron.firstWindow();
      return { electron, window, quit: () => electron.close() };
    };
    await use({ profile, launch });
    for (const electron of running) await electron.close();
    if (testInfo.status !== testInfo.expectedStatus) {
      await testInfo.attach('app.log', { path: log });
      await testInfo.attach('deskmate.log', { path: path.join(profile, 'logs', 'deskmate.log') });
    }
    await rm(profile, { recursive: true, force: true });
  },
});

/** The first steps are behind the user unless the journey says otherwise; settings that are there stay. */
async function storeSettings(profile: string, settings: Partial<Settings>): Promise<void> {
  const file = path.join(profile, 'settings.json');
  if (!existsSync(file)) await writeFile(file, JSON.stringify(settings));
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
  const file = path.join(projectRoot, 'test-results', 'screens', `${name}.png`);
  await window.screenshot({ path: file, animations: 'disabled' });
}
