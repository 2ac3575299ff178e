import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const tsx = createRequire(import.meta.url).resolve('tsx/cli');
const program = join(import.meta.dirname, 'index.ts');
/** Prepared weights of the tests stay out of the user's own cache. */
const cache = join(tmpdir(), 'deskmate-cli-tests');

export const demoModel = join(import.meta.dirname, '../../assets/demo-model');

export type Ended = { exitCode: number | null; lines: unknown[]; stderr: string };

/** Runs the program in a process of its own, with `stdin` (JSON where it is no string, closed at once where it is null).
 *  Each line of stdout must be JSON. */
export async function runCli(
  args: readonly string[],
  stdin: unknown = null,
  env: NodeJS.ProcessEnv = {},
): Promise<Ended> {
  const child = spawn(process.execPath, [tsx, program, ...args], {
    env: { ...process.env, XDG_CACHE_HOME: cache, LOCALAPPDATA: cache, ...env },
    stdio: [stdin === null ? 'ignore' : 'pipe', 'pipe', 'pipe'],
  });
  const output = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name]?.setEncoding('utf8');
    child[name]?.on('data', (chunk: string) => (output[name] += chunk));
  }
  child.stdin?.on('error', () => undefined); // the program may end before it has read all
  child.stdin?.end(typeof stdin === 'string' || stdin instanceof Uint8Array ? stdin : JSON.stringify(stdin));
  const exitCode = await new Promise<number | null>((resolve) => child.on('close', resolve));
  const lines = output.stdout.split('\n');
  if (lines.pop() !== '') throw new Error(`stdout does not end with a line: ${output.stdout.slice(-200)}`);
  return { exitCode, lines: lines.map((line): unknown => JSON.parse(line)), stderr: output.stderr };
}
