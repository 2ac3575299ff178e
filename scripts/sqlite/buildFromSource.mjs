import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { aptCommand, aptInstall, hasApt, isRoot } from '../system/apt.mjs';

/** What node-gyp runs, and the Debian package that brings it. */
const tools = { python3: 'python3', make: 'make', 'g++': 'g++' };

const elsewhere = {
  darwin: 'the command line tools:  xcode-select --install',
  win32:
    'Python 3 and the Visual Studio Build Tools with "Desktop development with C++":\n    winget install Python.Python.3.12 Microsoft.VisualStudio.2022.BuildTools',
};

/**
 * Compiles sqlite3 with the compiler of this machine. As Node-API keeps its promises, one binary serves Node and Electron.
 *
 * @param {string} sqliteFolder
 * @param {string} nodeGyp path of node-gyp's script
 */
export function buildFromSource(sqliteFolder, nodeGyp) {
  ensureCompiler();
  console.log('Compiling sqlite3 from its source; this takes about two minutes, once for this machine.');
  const args = [nodeGyp, 'rebuild', '--jobs', 'max', ...localHeaders()];
  const result = spawnSync(process.execPath, args, {
    cwd: sqliteFolder,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  if (result.status !== 0) {
    throw new Error(
      `sqlite3 could not be compiled:\n${(result.stdout + result.stderr).trim().slice(-3000)}\n\n${advice()}`,
    );
  }
}

/** Node's C headers beside the running Node, when they are there, spare a download. */
function localHeaders() {
  const prefix = path.resolve(process.execPath, '../..');
  return fs.existsSync(path.join(prefix, 'include', 'node', 'node_api.h')) ? [`--nodedir=${prefix}`] : [];
}

function ensureCompiler() {
  if (process.platform !== 'linux') return; // node-gyp finds the compilers of macOS and Windows itself
  const missing = Object.entries(tools).filter(([tool]) => spawnSync(tool, ['--version']).status !== 0);
  if (missing.length === 0) return;
  const packages = missing.map(([, name]) => name);
  if (!hasApt() || !isRoot())
    throw new Error(`To compile sqlite3 this is missing: ${packages.join(', ')}.\n\n${advice()}`);
  console.log(`Installing what is needed to compile sqlite3: ${packages.join(' ')} (apt-get)`);
  aptInstall(packages);
}

function advice() {
  if (process.platform === 'darwin' || process.platform === 'win32') {
    return `It needs ${elsewhere[process.platform]}\nThen run the same command again.`;
  }
  const command = hasApt() ? aptCommand(Object.values(tools)) : 'python3, make and g++ from your distribution';
  return `It needs a compiler:\n    ${command}\nThen run the same command again.`;
}
