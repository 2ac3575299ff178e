import { captureCommand } from './captureCommand';
import { projectRoot, toolScript } from './project';

/** Builds main, worker, preload and renderer into `out/`; quiet unless it fails. */
export async function buildApp(): Promise<void> {
  const options = { cwd: projectRoot, env: { ...process.env, NODE_ENV: 'production' } };
  await captureCommand(process.execPath, [toolScript('electron-vite/bin/electron-vite.js'), 'build'], options);
}
