import { spawn, type ChildProcess } from 'node:child_process';
import type { Readable } from 'node:stream';
import { Failure } from './failure';

/** A screen of our own, so that tests neither need nor disturb anybody's desktop. */
export interface VirtualDisplay {
  /** For DISPLAY, such as `:99`; undefined where the system's own screen is used. */
  readonly name: string | undefined;
  readonly stop: () => void;
}

const size = '1600x1000x24';

/** Starts Xvfb on Linux, on a number it finds free itself. Throws a Failure when it does not start. */
export async function startVirtualDisplay(): Promise<VirtualDisplay> {
  if (process.platform !== 'linux') return { name: undefined, stop: () => undefined };
  const xvfb = spawn('Xvfb', ['-displayfd', '3', '-screen', '0', size, '-nolisten', 'tcp'], {
    stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
  });
  const stop = (): void => void xvfb.kill();
  process.once('exit', stop);
  return { name: `:${await displayNumber(xvfb)}`, stop };
}

/** Xvfb writes the number to file descriptor 3 as soon as it takes connections. */
function displayNumber(xvfb: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let stderr = '';
    xvfb.stderr?.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    // The cast is sound: descriptor 3 was opened as a pipe that Xvfb writes to.
    (xvfb.stdio[3] as Readable).once('data', (chunk: Buffer) => {
      resolve(chunk.toString().trim());
    });
    xvfb.once('error', () => {
      reject(
        new Failure('Xvfb, the virtual screen for tests, is not installed (package xvfb or xorg-x11-server-Xvfb).'),
      );
    });
    xvfb.once('exit', (code) => {
      reject(new Failure(`Xvfb did not start (exit status ${String(code)}): ${stderr.trim()}`));
    });
  });
}
