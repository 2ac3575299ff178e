import { open, readFile, rm, stat, utimes } from 'node:fs/promises';
import { setTimeout } from 'node:timers/promises';
import { isLiving, markOf } from '../../shared/processMark';
import { thisSystem } from './thisSystem';

const heartbeatMs = 1_000;
/** Without a heartbeat for so long, a lock is of a process that died, where nothing else tells. */
const staleMs = 10_000;
const pollMs = 250;
/** From the making of a lock to its first bytes. */
const emptyMs = 1_000;

/**
 * Makes `file` the lock of this process until the returned function is called; null while another process has it. A lock whose
 * process has died does not count, whoever has its number now. Of a process elsewhere only the heartbeat of its lock tells:
 * where one may have died a moment ago, it is waited for, ten seconds at most.
 */
export async function lockFile(file: string): Promise<(() => Promise<void>) | null> {
  const ours = markOf(process.pid, thisSystem);
  if (!(await create(file, ours)) && !((await clear(file)) && (await create(file, ours)))) return null;
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

async function create(file: string, mark: string): Promise<boolean> {
  try {
    const handle = await open(file, 'wx');
    await handle.writeFile(mark).finally(() => handle.close());
    return true;
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return false;
    throw error;
  }
}

/** Removes a lock that nobody holds; false where somebody does. */
async function clear(file: string): Promise<boolean> {
  try {
    const mark = await readMark(file);
    if (mark !== '' && (isLiving(mark, thisSystem) ?? (await isBeating(file)))) return false;
    if ((await readFile(file, 'utf8')) !== mark) return false; // somebody else cleared it, and was faster
    await rm(file, { force: true });
  } catch (error) {
    if (!hasCode(error, 'ENOENT')) throw error;
  }
  return true;
}

/** Empty for the moment between its making and its first bytes, or for good when its maker died in that moment. */
async function readMark(file: string): Promise<string> {
  let mark = await readFile(file, 'utf8');
  for (let waitedMs = 0; mark === '' && waitedMs < emptyMs; waitedMs += pollMs) {
    await setTimeout(pollMs);
    mark = await readFile(file, 'utf8');
  }
  return mark;
}

/** Whether someone renews it. The clocks of two computers may differ: only a change is a sign of life. */
async function isBeating(file: string): Promise<boolean> {
  const { mtimeMs } = await stat(file);
  const sinceMs = Math.min(mtimeMs, Date.now());
  while (Date.now() - sinceMs < staleMs) {
    await setTimeout(pollMs);
    if ((await stat(file)).mtimeMs !== mtimeMs) return true;
  }
  return false;
}

const hasCode = (error: unknown, code: string): boolean =>
  error instanceof Error && 'code' in error && error.code === code;
