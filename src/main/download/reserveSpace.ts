import { execFile } from 'node:child_process';

/** Where a file system has to write zeros for it, there comes a point at which the download itself is the better use of time. */
const longestMs = 60_000;

type Wish = {
  readonly sizeBytes: number;
  /** Whether the file stays as long as it is, and only what it will grow by is set aside. */
  readonly keepsLength?: boolean;
};

/**
 * Has the disk set aside what a file will take, so that whatever else is written meanwhile cannot break a download half way.
 * Where that cannot be done the file stays as it is, and a disk that gets full stops the download later.
 *
 * Node knows no call for it. Linux' util-linux has a program; where its file system cannot do it, it fails at once. On Windows
 * a file that is made longer has its space already. On macOS only a native call could do it.
 */
export function reserveSpace(
  file: string,
  { sizeBytes, keepsLength = false }: Wish,
  signal: AbortSignal,
): Promise<void> {
  if (process.platform !== 'linux') return Promise.resolve();
  const args = [...(keepsLength ? ['--keep-size'] : []), '--length', String(sizeBytes), '--', file];
  return new Promise((resolve) => {
    // It is a help and no condition: whatever kept it from working, without the program or without the space, the writes say.
    execFile('fallocate', args, { timeout: longestMs, signal }, () => resolve());
  });
}
