import { open, readFile, rm, stat, utimes } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';

export const lockFileName = 'lock';

const heartbeatMs = 1000;
/** A lock without a heartbeat for so long is of a process that died, whoever has its number now. */
const staleMs = 10_000;
const pollMs = 200;

/** Waits until no other process works in `folder`, and keeps others out until the returned function is called. A lock whose
 *  process has died does not count. */
export async function lockFolder(folder: string, signal?: AbortSignal): Promise<() => Promise<void>> {
  const file = path.join(folder, lockFileName);
  while (!(await create(file))) {
    if (await isStale(file)) await rm(file, { force: true });
    else await setTimeout(pollMs, undefined, signal && { signal });
  }
  const heartbeat = setInterval(() => {
    const now = new Date();
    utimes(file, now, now).catch(() => clearInterval(heartbeat)); // the folder was deleted: nothing left to protect
  }, heartbeatMs);
  heartbeat.unref();
  return async () => {
    clearInterval(heartbeat);
    await rm(file, { force: true });
  };
}

async function create(file: string): Promise<boolean> {
  try {
    const handle = await open(file, 'wx');
    await handle.writeFile(String(process.pid));
    await handle.close();
    return true;
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return false;
    throw error;
  }
}

async function isStale(file: string): Promise<boolean> {
  try {
    const pid = Number(await readFile(file, 'utf8'));
    const { mtimeMs } = await stat(file);
    return Date.now() - mtimeMs > staleMs || (pid > 0 && !isAlive(pid));
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return true;
    throw error;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return !hasCode(error, 'ESRCH');
  }
}

const hasCode = (error: unknown, code: string): boolean =>
  error instanceof Error && 'code' in error && error.code === code;
