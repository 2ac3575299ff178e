import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { cacheFolder } from './cacheFolder';
import { captureCommand } from './captureCommand';
import { Failure, reasonOf } from './failure';
import { projectRoot, toolScript } from './project';
import { restoreBinary, storeBinary } from './sqlite/binaryCache';
import { buildFromSource } from './sqlite/buildFromSource';

const prebuiltLimitMs = 60_000;
const sqliteFolder = path.join(projectRoot, 'node_modules', 'sqlite3');
const binary = path.join(sqliteFolder, 'build', 'Release', 'node_sqlite3.node');

/**
 * Makes the native part of sqlite3 usable: from our cache, else sqlite3's ready-made binary, else compiled here. Its own
 * install script would end `npm ci` where there is neither a network nor a compiler. Throws a Failure with the way out.
 */
export async function ensureSqlite(): Promise<void> {
  if (!existsSync(sqliteFolder)) throw new Failure('The dependencies are not installed yet. Run:\n    npm ci');
  if (await loads()) return;
  const folder = path.join(cacheFolder(), `sqlite3-${sqliteVersion()}-${platformName()}`);
  if (restoreBinary(folder, binary) && (await loads())) return;
  if (!(await fetchPrebuilt()) || !(await loads())) await buildFromSource(sqliteFolder);
  const error = await loadError();
  if (error !== undefined) throw new Failure(`sqlite3 was compiled, but does not load.\n${error}`);
  storeBinary(binary, folder);
}

function sqliteVersion(): string {
  const manifest: unknown = JSON.parse(readFileSync(path.join(sqliteFolder, 'package.json'), 'utf8'));
  return (manifest as { version: string }).version; // every installed package has one
}

/** What a binary depends on. */
const platformName = (): string => `${process.platform}-${process.arch}-napi${process.versions.napi ?? ''}`;

const loads = async (): Promise<boolean> => (await loadError()) === undefined;

/** Why sqlite3 does not load; asked in a process of its own, because a wrong binary may crash. */
function loadError(): Promise<string | undefined> {
  return captureCommand(process.execPath, ['-e', "require('sqlite3')"], { cwd: projectRoot }).then(
    () => undefined,
    (error: unknown) => reasonOf(error),
  );
}

/** sqlite3's own ready-made binary; not every network reaches it. */
function fetchPrebuilt(): Promise<boolean> {
  const args = [toolScript('prebuild-install/bin.js'), '--runtime', 'napi'];
  return captureCommand(process.execPath, args, { cwd: sqliteFolder, timeout: prebuiltLimitMs }).then(
    () => true,
    () => false,
  );
}
