import { randomBytes } from 'node:crypto';
import { open, readdir, rm, stat, utimes } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { isLiving, markOf } from '../../shared/processMark';
import { thisSystem } from './thisSystem';

const heartbeatMs = 1000;
/** Without a heartbeat for so long, a lock is of a process that died, where nothing else tells. */
const staleMs = 10_000;
const pollMs = 200;

/** Every lock is a file of its own, named for its process: who removes a stale one can never remove another's. */
const lockName = /^lock-(.+)-[0-9a-f]{16}$/;

/** Waits until no other process works in `folder`, and keeps others out until the returned function is called. A lock whose
 *  process has died does not count, whoever has its number now; of a process elsewhere only the heartbeat of its lock tells.
 *
 *  Whoever wants the folder puts its file there first and looks at the others then, so of two who come at once at least one
 *  sees the other. The folder belongs to who sees no other; of those who wait, all but the first by name withdraw. */
export async function lockFolder(folder: string, signal?: AbortSignal): Promise<() => Promise<void>> {
  const name = `lock-${markOf(process.pid, thisSystem)}-${randomBytes(8).toString('hex')}`;
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
    const mark = lockName.exec(name)?.[1];
    if (mark === undefined) continue;
    const file = path.join(folder, name);
    if (!(isLiving(mark, thisSystem) ?? (await isBeating(file)))) await rm(file, { force: true });
    else living.push(name);
  }
  return living;
}

async function isBeating(file: string): Promise<boolean> {
  try {
    const { mtimeMs } = await stat(file);
    return Date.now() - mtimeMs <= staleMs;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return false;
    throw error;
  }
}
