import { randomBytes } from 'node:crypto';
import { open, readdir, rm, stat, utimes } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';

const heartbeatMs = 1000;
/** A lock without a heartbeat for so long is of a process that died, whoever has its number now. */
const staleMs = 10_000;
const pollMs = 200;

/** Every lock is a file of its own, named for its process: who removes a stale one can never remove another's. */
const lockName = /^lock-(\d+)-[0-9a-f]{16}$/;

/** Waits until no other process works in `folder`, and keeps others out until the returned function is called. A lock whose
 *  process has died does not count.
 *
 *  Whoever wants the folder puts its file there first and looks at the others then, so of two who come at once at least one
 *  sees the other. The folder belongs to who sees no other; of those who wait, all but the first by name withdraw. */
export async function lockFolder(folder: string, signal?: AbortSignal): Promise<() => Promise<void>> {
  const name = `lock-${process.pid}-${randomBytes(8).toString('hex')}`;
  const file = path.join(folder, name);
  const heartbeat = setInterval(() => void beat(file), heartbeatMs);
  heartbeat.unref();
  const unlock = async () => {
    clearInterval(heartbeat);
    await rm(file, { force: true });
  };
  try {
    for (;;) {
      await (await open(file, 'a')).close();
      const others = (await livingLocks(folder)).filter((other) => other !== name);
      if (others.length === 0) return unlock;
      if (others.some((other) => other < name)) await rm(file, { force: true });
      await setTimeout(pollMs, undefined, signal && { signal });
    }
  } catch (error) {
    await unlock();
    throw error;
  }
}

/** Fails where the file is not there: it was withdrawn, or the folder was deleted and there is nothing left to protect. */
async function beat(file: string): Promise<void> {
  const now = new Date();
  await Promise.allSettled([utimes(file, now, now)]);
}

/** Names of the locks in a folder whose processes live; removes the others. */
async function livingLocks(folder: string): Promise<string[]> {
  const living: string[] = [];
  for (const name of await readdir(folder)) {
    const pid = lockName.exec(name)?.[1];
    if (pid === undefined) continue;
    const file = path.join(folder, name);
    if (await isStale(file, Number(pid))) await rm(file, { force: true });
    else living.push(name);
  }
  return living;
}

async function isStale(file: string, pid: number): Promise<boolean> {
  try {
    const { mtimeMs } = await stat(file);
    return Date.now() - mtimeMs > staleMs || !isAlive(pid);
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
