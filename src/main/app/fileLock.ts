import { open, readFile, rm, stat, utimes } from 'node:fs/promises';
import { hostname } from 'node:os';
import { setTimeout } from 'node:timers/promises';

const heartbeatMs = 1_000;
/** A lock without a heartbeat for so long is of a process that died, whoever has its number now. */
const staleMs = 10_000;

const emptyMs = 1_000;

/** Makes `file` the lock of this process until the returned function is called; null while another process has it. A lock whose
 *  process has died does not count, nor one that had no heartbeat for ten seconds: its computer may be another. */
export async function lockFile(file: string): Promise<(() => Promise<void>) | null> {
  if (!(await create(file))) {
    if (!(await isStale(file))) return null;
    await rm(file, { force: true });
    if (!(await create(file))) return null;
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
    await handle.writeFile(`${process.pid} ${hostname()}`).finally(() => handle.close());
    return true;
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return false;
    throw error;
  }
}

async function isStale(file: string): Promise<boolean> {
  try {
    // Empty for the moment between its making and its first bytes, or for good when its maker died in that moment.
    for (let waitedMs = 0; (await readFile(file, 'utf8')) === ''; waitedMs += 100) {
      if (waitedMs >= emptyMs) return true;
      await setTimeout(100);
    }
    const { mtimeMs } = await stat(file);
    return Date.now() - mtimeMs > staleMs || isOfTheDead(await readFile(file, 'utf8'));
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return true;
    throw error;
  }
}

/** Of a process on another computer only its heartbeat tells. */
function isOfTheDead(lock: string): boolean {
  const [pid, host = hostname()] = lock.split(' ');
  return host === hostname() && !isAlive(Number(pid));
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
