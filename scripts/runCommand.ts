import { spawn, type SpawnOptions } from 'node:child_process';
import { Failure } from './failure';

/** Runs a command in the open: it shares our terminal. Throws a Failure unless it exits with 0. */
export async function runCommand(command: string, args: readonly string[], options: SpawnOptions = {}): Promise<void> {
  const child = spawn(command, args, { stdio: 'inherit', ...options });
  const status = await new Promise<number | string>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      resolve(code ?? String(signal));
    });
  });
  if (status !== 0) throw new Failure(`\`${[command, ...args].join(' ')}\` ended with ${status}.`);
}
