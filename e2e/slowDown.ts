import { spawn } from 'node:child_process';

/** Stops a process, and lets it run for some milliseconds three times a second, until it is gone. */
const slices = 'while kill -STOP $0 2>/dev/null; do sleep 0.3; kill -CONT $0 2>/dev/null; sleep 0.003; done';

/**
 * Lets a process of ours run in small slices, so that the demo model, which is done in a fifth of a second, leaves time to do
 * something in mid-answer. Returns what ends it. A shell cuts the slices: a timer of ours would be late whenever Playwright
 * is busy, and one late slice is a whole answer. Not for Windows, which has no such signals.
 */
export function slowDown(processId: number): () => void {
  const slicer = spawn('sh', ['-c', slices, String(processId)], { stdio: 'ignore' });
  return () => {
    slicer.kill('SIGKILL');
    if (!isGone(processId)) process.kill(processId, 'SIGCONT');
  };
}

/** A journey may kill the process while it is slowed down. */
function isGone(processId: number): boolean {
  try {
    process.kill(processId, 0);
    return false;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ESRCH') return true;
    throw error;
  }
}
