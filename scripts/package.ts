import { cp, mkdtemp, rm } from 'node:fs/promises';
import { readFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { buildApp } from './buildApp';
import { resolveElectron } from './electronRuntime';
import { ensureSqlite } from './ensureSqlite';
import { projectRoot, toolScript } from './project';
import { runCommand } from './runCommand';
import { runScript } from './runScript';

/**
 * `npm run package`: the app as a folder that runs by itself, in dist/. What follows `--` goes to electron-builder in
 * place of `--dir`, such as `--linux deb`; those targets fetch tools of their own.
 */
runScript(async () => {
  await ensureSqlite();
  const { folder } = await resolveElectron();
  console.log('Building Deskmate …');
  await buildApp();
  const electronFolder = await mkdtemp(path.join(os.tmpdir(), 'deskmate-package-'));
  try {
    // Without the default app: a packaged Electron runs ours and nothing else.
    const filter = (source: string): boolean => path.basename(source) !== 'default_app.asar';
    await cp(folder, electronFolder, { recursive: true, filter, verbatimSymlinks: true });
    await runElectronBuilder(electronFolder);
  } finally {
    await rm(electronFolder, { recursive: true, force: true });
  }
});

async function runElectronBuilder(electronFolder: string): Promise<void> {
  const version = readFileSync(path.join(electronFolder, 'version'), 'utf8').trim().replace(/^v/, '');
  const targets = process.argv.length > 2 ? process.argv.slice(2) : ['--dir'];
  const args = [`-c.electronDist=${electronFolder}`, `-c.electronVersion=${version}`, '--publish', 'never', ...targets];
  await runCommand(process.execPath, [toolScript('electron-builder/cli.js'), ...args], { cwd: projectRoot });
}
