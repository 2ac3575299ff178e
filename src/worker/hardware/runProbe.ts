import { execFile } from 'node:child_process';
import type { ProbeRecord } from '../../shared/hardware';

/** Asks a tool of the system. Never rejects: a tool that is missing, fails or hangs is an answer too. */
export type RunProbe = (command: string, args: readonly string[]) => Promise<ProbeRecord>;

/** More than any of these tools prints. */
const longestOutput = 2 ** 22;

/** A machine without NVIDIA's driver has no nvidia-smi, and with a broken one it may hang. What a failing tool printed is kept:
 *  nvidia-smi ends with an error when one of two GPUs has fallen off the bus, and still lists the other. */
export const runProbe =
  (timeoutMs: number): RunProbe =>
  (command, args) =>
    new Promise((resolve) => {
      const start = performance.now();
      const end = (outcome: ProbeRecord['outcome'], output: string) =>
        resolve({ probe: [command, ...args].join(' '), outcome, output, milliseconds: performance.now() - start });
      const env = { ...process.env, LC_ALL: 'C' }; // words of tools differ by language
      const options = { windowsHide: true, maxBuffer: longestOutput, env };
      const child = execFile(command, args, options, (error, stdout, stderr) => {
        clearTimeout(timer);
        if (error === null) return end('answered', stdout);
        end(error.code === 'ENOENT' ? 'missing' : 'failed', [stdout, stderr].filter((text) => text !== '').join('\n'));
      });
      // Not execFile's own timeout, which waits for the process to end: one that hangs in its driver does not, even when killed.
      const timer = setTimeout(() => {
        child.kill('SIGKILL');
        child.stdout?.destroy();
        child.stderr?.destroy();
        child.unref();
        end('timedOut', '');
      }, timeoutMs);
    });
