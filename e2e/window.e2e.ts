import { spawn } from 'node:child_process';
import { resolveElectron } from '../scripts/electronRuntime';
import { projectRoot } from '../scripts/project';
import { sandboxArguments } from '../scripts/sandbox';
import { modelReady } from './deskPage';
import { expect, test } from './launchApp';

test('a second start ends by itself and brings the first window to the front', async ({ desk }) => {
  const { electron, window } = await desk.launch({ language: 'en' });
  await modelReady(window);
  await electron.evaluate(({ BrowserWindow }) => {
    BrowserWindow.getAllWindows()[0]?.hide();
  });
  expect(await startAgain(desk.profile)).toBe(0);
  await expect
    .poll(() => electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().map((w) => w.isVisible())))
    .toEqual([true]);
});

/** Starts the app on a profile where it already runs; resolves to the exit status. */
async function startAgain(profile: string): Promise<number | null> {
  const { executable } = await resolveElectron();
  const args = [...sandboxArguments(), '--disable-gpu', `--user-data-dir=${profile}`, projectRoot];
  const second = spawn(executable, args, { stdio: 'ignore' });
  return await new Promise((resolve) => second.once('exit', resolve));
}

test('the window holds no Node, and keeps to its own pages', async ({ desk }) => {
  const { electron, window } = await desk.launch({ language: 'en' });
  const globals = await window.evaluate(() => ['require', 'process', 'module'].filter((name) => name in globalThis));
  expect(globals).toEqual([]);
  expect(await window.evaluate(() => open('https://example.com/') === null)).toBe(true);
  expect(electron.windows()).toHaveLength(1);
  const isPrevented = electron.evaluate(({ BrowserWindow }) => {
    const { webContents } = BrowserWindow.getAllWindows()[0]!; // the one that firstWindow() found
    return new Promise((resolve) => {
      webContents.once('will-frame-navigate', (event) =>
        setImmediate(() => {
          resolve(event.defaultPrevented);
        }),
      );
      void webContents.executeJavaScript("location.href = 'https://example.com/'");
    });
  });
  expect(await isPrevented).toBe(true);
});
