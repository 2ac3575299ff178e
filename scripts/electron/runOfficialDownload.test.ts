import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { runOfficialDownload } from './runOfficialDownload';

let packageFolder: string;
beforeEach(async () => {
  packageFolder = await mkdtemp(path.join(os.tmpdir(), 'deskmate-official-test-'));
});
afterEach(() => rm(packageFolder, { recursive: true }));

/** Stands in for the script that the `electron` package brings. */
const installScript = (text: string): Promise<void> => writeFile(path.join(packageFolder, 'install.js'), text);
const watch = { say: () => undefined, firstByteMs: 1_500, stallMs: 1_500 };

test('an install that is never answered is ended', async () => {
  await installScript(
    "require('fs').mkdirSync(require('os').tmpdir() + '/electron-download'); setInterval(() => {}, 1e6)",
  );
  await expect(runOfficialDownload(packageFolder, watch)).rejects.toThrow('nothing arrived');
});

test('an install that gets bytes, however slowly, is left alone', async () => {
  const slowly = `const file = require('os').tmpdir() + '/electron.zip';
    let left = 4;
    const timer = setInterval(() => {
      require('fs').appendFileSync(file, 'bytes');
      if (--left === 0) clearInterval(timer);
    }, 1000)`;
  await installScript(slowly);
  await runOfficialDownload(packageFolder, watch);
});

test('the reason an install gives is passed on', async () => {
  await installScript("console.error('TypeError: fetch failed\\n    at somewhere'); process.exit(1)");
  await expect(runOfficialDownload(packageFolder, watch)).rejects.toThrow(/^TypeError: fetch failed$/);
});
