import { existsSync } from 'node:fs';
import path from 'node:path';
import { captureCommand } from '../captureCommand';
import { Failure, reasonOf } from '../failure';
import { toolScript } from '../project';
import { aptCommand, aptInstall, hasApt, isRoot } from '../system/apt';

/** What node-gyp runs, and the Debian package that brings it. */
const tools = { python3: 'python3', make: 'make', 'g++': 'g++' } as const;

/** Compiles sqlite3 with this machine's compiler. As it keeps to Node-API, one binary serves Node and Electron. */
export async function buildFromSource(sqliteFolder: string): Promise<void> {
  await ensureCompiler();
  console.log('Compiling sqlite3 from its source; this takes about two minutes, once for this machine.');
  const args = [toolScript('node-gyp/bin/node-gyp.js'), 'rebuild', '--jobs', 'max', ...localHeaders()];
  try {
    await captureCommand(process.execPath, args, { cwd: sqliteFolder });
  } catch (error) {
    throw new Failure(`sqlite3 could not be compiled.\n${reasonOf(error)}\n\n${advice()}`, { cause: error });
  }
}

/** Node's C headers beside the running Node, when they are there, spare a download. */
function localHeaders(): string[] {
  const prefix = path.resolve(process.execPath, '../..');
  return existsSync(path.join(prefix, 'include', 'node', 'node_api.h')) ? [`--nodedir=${prefix}`] : [];
}

async function ensureCompiler(): Promise<void> {
  if (process.platform !== 'linux') return; // node-gyp finds the compilers of macOS and Windows itself
  const missing = await missingTools();
  if (missing.length === 0) return;
  if (!hasApt() || !isRoot()) {
    throw new Failure(`To compile sqlite3 this is missing: ${missing.join(', ')}.\n\n${advice()}`);
  }
  console.log(`Installing what is needed to compile sqlite3 (apt-get): ${missing.join(' ')}`);
  await aptInstall(missing);
}

/** The packages of the tools that do not run. */
async function missingTools(): Promise<string[]> {
  const checks = Object.entries(tools).map(async ([tool, name]) => {
    const works = await captureCommand(tool, ['--version']).then(
      () => true,
      () => false,
    );
    return works ? [] : [name];
  });
  return (await Promise.all(checks)).flat();
}

function advice(): string {
  return `It needs a compiler:\n    ${compilerCommand()}\nThen run the same command again.`;
}

function compilerCommand(): string {
  if (process.platform === 'darwin') return 'xcode-select --install';
  if (process.platform === 'win32') {
    return 'winget install Python.Python.3.12 Microsoft.VisualStudio.2022.BuildTools   (with "Desktop development with C++")';
  }
  return hasApt() ? aptCommand(Object.values(tools)) : 'python3, make and g++ from your distribution';
}
