import { resolveElectron } from './electronRuntime';
import { ensureSqlite } from './ensureSqlite';
import { projectRoot, toolScript } from './project';
import { runCommand } from './runCommand';
import { runScript } from './runScript';
import { checkSandbox, sandboxArguments } from './sandbox';
import { ensureSystemPackages } from './systemPackages';

/** `npm run dev`: the app with hot reload of the interface. */
runScript(async () => {
  await ensureSqlite();
  const runtime = await resolveElectron();
  await ensureSystemPackages('app', runtime.executable);
  checkSandbox(runtime);
  const args = [toolScript('electron-vite/bin/electron-vite.js'), 'dev', '--watch', '--', ...sandboxArguments()];
  await runCommand(process.execPath, args, {
    cwd: projectRoot,
    env: { ...process.env, ELECTRON_EXEC_PATH: runtime.executable },
  });
});
