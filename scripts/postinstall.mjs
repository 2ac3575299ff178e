// Makes sqlite3 usable after `npm ci`. Its own install script is switched off in package.json, because it fails where
// there is neither a network nor a compiler; here the way out is taken, or named. Plain JavaScript: nothing need be built.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { cacheFolder } from './cacheFolder.mjs';
import { restoreBinary, storeBinary } from './sqlite/binaryCache.mjs';
import { buildFromSource } from './sqlite/buildFromSource.mjs';

const prebuiltLimitMs = 60_000;
const require = createRequire(import.meta.url);
const root = path.resolve(import.meta.dirname, '..');
const sqliteFolder = path.join(root, 'node_modules', 'sqlite3');
const binary = path.join(sqliteFolder, 'build', 'Release', 'node_sqlite3.node');

try {
  if (fs.existsSync(sqliteFolder) && !loads()) makeUsable();
} catch (error) {
  console.error(`\n${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}

function makeUsable() {
  const { version } = JSON.parse(fs.readFileSync(path.join(sqliteFolder, 'package.json'), 'utf8'));
  const cached = `sqlite3-${version}-${process.platform}-${process.arch}-napi${process.versions.napi}`;
  const folder = path.join(cacheFolder(), cached);
  if (restoreBinary(folder, binary) && loads()) return;
  if (!fetchPrebuilt() || !loads()) buildFromSource(sqliteFolder, require.resolve('node-gyp/bin/node-gyp.js'));
  if (!loads()) throw new Error(`sqlite3 was compiled, but does not load:\n${loadError()}`);
  storeBinary(binary, folder);
}

/** Whether sqlite3 loads; asked in a process of its own, because a wrong binary may crash. */
function loads() {
  return loadError() === '';
}

function loadError() {
  const probe = spawnSync(process.execPath, ['-e', "require('sqlite3')"], { cwd: root, encoding: 'utf8' });
  return probe.status === 0
    ? ''
    : probe.stderr || `exit status ${String(probe.status)}, signal ${String(probe.signal)}`;
}

/** sqlite3's own ready-made binary; not every network reaches it. */
function fetchPrebuilt() {
  const script = require.resolve('prebuild-install/bin.js');
  const args = [script, '--runtime', 'napi'];
  return spawnSync(process.execPath, args, { cwd: sqliteFolder, timeout: prebuiltLimitMs }).status === 0;
}
