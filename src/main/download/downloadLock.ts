import { open, readFile, rm, stat, utimes } from 'node:fs/promises';
import { setTimeout } from 'node:timers/promises';
import { AppError } from '../../shared/appError';
import { onDisk } from './diskErrors';

const heartbeatMs = 1_000;
/** A lock without a heartbeat for so long is of a process that died, whoever has its number now. */
const staleMs = 10_000;

const emptyMs = 1_000;

/** Keeps every other process from this download until the returned function is called; throws `download.locked` when one is
 *  at it already. A lock whose process has died does not count. */
export async function lockDownload(file: string, folder: string): Promise<() => Promise<void>> {
  if (!(await onDisk(folder, create(file)))) {
    if (!(await isStale(file))) throw new AppError('download.locked', { folder });
    await rm(file, { force: true });
    if (!(await onDisk(folder, create(file)))) throw new AppError('download.locked', { folder });
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
    await handle.writeFile(String(process.pid)).finally(() => handle.close());
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
    return Date.now() - mtimeMs > staleMs || !isAlive(Number(await readFile(file, 'utf8')));
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
