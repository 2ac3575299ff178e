import { buildApp } from './buildApp';
import { resolveElectron } from './electronRuntime';
import { ensureSqlite } from './ensureSqlite';
import { Failure } from './failure';
import { projectRoot } from './project';
import { runCommand } from './runCommand';
import { runScript } from './runScript';
import { checkSandbox, sandboxArguments } from './sandbox';
import { ensureSystemPackages } from './systemPackages';

/** `npm start`: everything that is missing is fetched, the app is built and opened. */
runScript(async () => {
  requireDisplay();
  await ensureSqlite();
  const runtime = await resolveElectron();
  await ensureSystemPackages('app', runtime.executable);
  checkSandbox(runtime);
  console.log('Building Deskmate …');
  await buildApp();
  console.log('Starting Deskmate …');
  await runCommand(runtime.executable, [...sandboxArguments(), projectRoot, ...process.argv.slice(2)]);
});

function requireDisplay(): void {
  const { DISPLAY, WAYLAND_DISPLAY } = process.env;
  if (process.platform !== 'linux' || DISPLAY || WAYLAND_DISPLAY) return;
  throw new Failure(`Deskmate opens a window, and this session has no display.
Run it from a desktop session, or with a virtual screen:
    xvfb-run -a npm start        (Debian package xvfb)
The engine also runs without a window:  npm run -s cli -- hardware`);
}
