import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { _electron, type Page } from '@playwright/test';
import { resolveElectron } from '../scripts/electronRuntime';
import { projectRoot } from '../scripts/project';
import { sandboxArguments } from '../scripts/sandbox';
import { startVirtualDisplay, type VirtualDisplay } from '../scripts/virtualDisplay';
import { median } from './median';

const starts = 5;

/** The real app (built before): how soon it paints, and how long the window's thread is busy at a stretch while an answer streams and
 *  somebody types. A key's way to the screen is limited by the longest such stretch. */
export async function benchInterface(): Promise<void> {
  const display = await startVirtualDisplay();
  const paints: number[] = [];
  for (let i = 0; i < starts; i++) {
    await withWindow(display, async (window) => {
      await window.getByRole('textbox').waitFor();
      paints.push(await firstPaintMs(window));
      if (i === starts - 1) await measureTyping(window);
    });
  }
  display.stop();
  console.log(`first paint after the window's start: median ${median(paints).toFixed(0)} ms of ${starts} starts`);
}

async function withWindow(display: VirtualDisplay, use: (window: Page) => Promise<void>): Promise<void> {
  const { executable } = await resolveElectron();
  const profile = await mkdtemp(path.join(os.tmpdir(), 'deskmate-bench-'));
  await writeFile(path.join(profile, 'settings.json'), JSON.stringify({ hasStarted: true })); // past the first steps
  const args = [...sandboxArguments(), '--disable-gpu', `--user-data-dir=${profile}`, projectRoot];
  const env = { ...process.env, ...(display.name !== undefined && { DISPLAY: display.name }) } as Record<
    string,
    string
  >;
  const app = await _electron.launch({ executablePath: executable, args, env });
  try {
    await use(await app.firstWindow());
  } finally {
    await app.close();
    await rm(profile, { recursive: true, force: true });
  }
}

async function firstPaintMs(window: Page): Promise<number> {
  await window.waitForFunction(() => performance.getEntriesByName('first-contentful-paint').length > 0);
  return window.evaluate(() => performance.getEntriesByName('first-contentful-paint')[0]!.startTime);
}

/** Types a line while a story streams; long tasks are the browser's own measure, from 50 ms on. */
async function measureTyping(window: Page): Promise<void> {
  await window.evaluate(() => {
    const longTasks: number[] = [];
    Object.assign(globalThis, { longTasks });
    new PerformanceObserver((list) => longTasks.push(...list.getEntries().map((entry) => entry.duration))).observe({
      entryTypes: ['longtask'],
    });
  });
  const composer = window.getByRole('textbox');
  await composer.fill('给我讲一个年轻人奋斗创业最终取得成功的故事。');
  await composer.press('Enter');
  await window.locator('[data-testid=message][data-state=streaming]').waitFor();
  const latencies: number[] = [];
  for (const key of 'the quick brown fox jumps over the lazy dog') {
    const start = performance.now();
    await composer.press(key === ' ' ? 'Space' : key);
    latencies.push(performance.now() - start);
  }
  await window.locator('[data-testid=message][data-role=assistant][data-state=done]').waitFor({ timeout: 60_000 });
  const longTasks = await window.evaluate(() => (globalThis as unknown as { longTasks: number[] }).longTasks);
  console.log(
    `typing while an answer streams: median ${median(latencies).toFixed(1)} ms a key with the test driver's own way`,
  );
  console.log(`tasks over 50 ms meanwhile: ${longTasks.length}, longest ${Math.max(0, ...longTasks).toFixed(0)} ms`);
}
