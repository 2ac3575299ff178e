import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import type { System } from '../../shared/processMark';

/** The system that this process runs on. */
export const thisSystem: System = { read, hostName: hostname(), isRunning };

function read(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null; // no such process, no such system, or none of our business: whoever asks has another way then
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return !(error instanceof Error && 'code' in error && error.code === 'ESRCH');
  }
}
