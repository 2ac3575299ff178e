import { execFile } from 'node:child_process';

/** What a tool of the system prints; null where it is missing, fails or does not answer. */
export type RunProbe = (command: string, args: readonly string[]) => Promise<string | null>;

/** A tool without an answer is no error here: a machine without NVIDIA's driver has no nvidia-smi, and with a broken one it may hang. */
export const runProbe =
  (timeoutMs: number): RunProbe =>
  (command, args) =>
    new Promise((resolve) => {
      const child = execFile(command, args, { windowsHide: true, maxBuffer: 2 ** 20 }, (error, stdout) => {
        clearTimeout(timer);
        resolve(error === null ? stdout : null);
      });
      // Not execFile's own timeout, which waits for the process to end: one that hangs in its driver does not, even when killed.
      const timer = setTimeout(() => {
        child.kill('SIGKILL');
        child.stdout?.destroy();
        child.stderr?.destroy();
        child.unref();
        resolve(null);
      }, timeoutMs);
    });
