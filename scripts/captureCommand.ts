import { execFile, type ExecFileOptions } from 'node:child_process';
import { Failure } from './failure';

/** Runs a command quietly and returns its stdout. Throws a Failure with the end of all it printed unless it exits with 0. */
export function captureCommand(
  command: string,
  args: readonly string[],
  options: ExecFileOptions = {},
): Promise<string> {
  return new Promise((resolve, reject) => {
    const textOptions = { maxBuffer: 64 * 1024 * 1024, ...options, encoding: 'utf8' as const };
    execFile(command, args, textOptions, (error, stdout, stderr) => {
      if (error === null) return void resolve(stdout);
      const printed = `${stdout}${stderr}`.trim().slice(-3_000);
      reject(new Failure(`\`${[command, ...args].join(' ')}\` failed:\n${printed || error.message}`));
    });
  });
}
