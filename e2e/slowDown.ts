const runMs = 10;
const restMs = 300;

/**
 * Lets a process of ours run in small slices, so that the demo model, which is done in half a second, leaves time to do
 * something in mid-answer. Returns what ends it. Not for Windows, which has no such signals.
 */
export function slowDown(processId: number): () => void {
  let timer: NodeJS.Timeout;
  const run = (): void => step('SIGCONT', runMs, rest);
  const rest = (): void => step('SIGSTOP', restMs, run);
  const step = (signal: NodeJS.Signals, lengthMs: number, next: () => void): void => {
    if (isGone(processId)) return;
    process.kill(processId, signal);
    timer = setTimeout(next, lengthMs);
  };
  rest();
  return () => {
    clearTimeout(timer);
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
