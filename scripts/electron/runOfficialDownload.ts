import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { Failure } from '../failure';

/** How the person who waits is told, and how long nothing may arrive: before the first byte, and after it. */
interface Watch {
  readonly say: (line: string) => void;
  readonly firstByteMs: number;
  readonly stallMs: number;
}

export const officialLimits = { firstByteMs: 20_000, stallMs: 60_000 } as const;
const reportEveryMs = 10_000;

/**
 * Runs the `electron` package's own install script, and ends it when nothing arrives: some networks swallow the
 * request without an answer. Its progress is read off the folders it writes to.
 */
export async function runOfficialDownload(packageFolder: string, watch: Watch): Promise<void> {
  const temporary = await mkdtemp(path.join(os.tmpdir(), 'deskmate-electron-'));
  try {
    const child = spawn(process.execPath, [path.join(packageFolder, 'install.js')], {
      stdio: ['ignore', 'ignore', 'pipe'],
      env: { ...process.env, TMPDIR: temporary, TMP: temporary, TEMP: temporary },
    });
    await watched(child, [temporary, path.join(packageFolder, 'dist')], watch);
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

async function watched(child: ChildProcess, folders: readonly string[], watch: Watch): Promise<void> {
  let stderr = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', resolve);
  });
  const progress = watchProgress(folders, watch, () => child.kill());
  try {
    const code = await ended;
    if (progress.stalled()) throw new Failure('nothing arrived within the time limit');
    if (code !== 0) throw new Failure(stderr.trim().split('\n')[0] ?? 'no reason given');
  } finally {
    progress.stop();
  }
}

function watchProgress(folders: readonly string[], { say, firstByteMs, stallMs }: Watch, giveUp: () => void) {
  let bytes = 0;
  let lastGrowthMs = Date.now();
  let lastReportMs = Date.now();
  let stalled = false;
  const look = async (): Promise<void> => {
    const sizes = await Promise.all(folders.map(folderBytes));
    const total = sizes.reduce((sum, size) => sum + size, 0);
    if (total !== bytes) lastGrowthMs = Date.now();
    bytes = total;
    if (Date.now() - lastReportMs > reportEveryMs) {
      say(bytes === 0 ? '  … no answer yet' : `  … ${Math.round(bytes / 1e6)} MB`);
      lastReportMs = Date.now();
    }
    stalled = Date.now() - lastGrowthMs > (bytes === 0 ? firstByteMs : stallMs);
    if (stalled) giveUp();
  };
  const timer = setInterval(() => void look(), 1_000);
  return {
    stalled: () => stalled,
    stop: () => {
      clearInterval(timer);
    },
  };
}

/** Bytes of all files below `folder`; files may vanish while we look. */
async function folderBytes(folder: string): Promise<number> {
  const names = await readdir(folder, { recursive: true }).catch(() => []);
  const sizes = await Promise.all(names.map((name) => fileBytes(path.join(folder, name))));
  return sizes.reduce((sum, size) => sum + size, 0);
}

const fileBytes = (file: string): Promise<number> =>
  stat(file).then(
    (entry) => (entry.isFile() ? entry.size : 0),
    () => 0,
  );
