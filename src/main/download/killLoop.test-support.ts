import { spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startHub } from '../../../testing/hub/startHub';

/** A whole download takes about three quarters of a second. */
const longestLifeMs = 500;

export type KillLoop = {
  /** Processes that were killed on the way. */
  kills: number;
  /** Downloads that came to their end. */
  finished: number;
  /** Of those, how many did not have the published bytes. */
  wrong: number;
  /** Verified bytes that a later process asked for again. */
  fetchedTwice: number;
  /** Part files that were used up and are still there. */
  leftParts: number;
  /** Bytes that the hub sent, and those that were published, in finished downloads. */
  sentBytes: number;
  neededBytes: number;
};

/** Whole files that stay, or parts that are deleted as they are used up. */
export type KillMode = 'keep' | 'release';

/** Downloads in processes that are killed with SIGKILL at random moments, `rounds` times, until the last one ends by itself. */
export async function killLoop(mode: KillMode, rounds: number): Promise<KillLoop> {
  const files = {
    'config.json': randomBytes(700),
    'model-1.safetensors': randomBytes(1_300_000),
    'model-2.safetensors': randomBytes(900_001),
  };
  const { hub } = await startHub('Qwen/Tiny', files);
  const found: KillLoop = {
    kills: 0,
    finished: 0,
    wrong: 0,
    fetchedTwice: 0,
    leftParts: 0,
    sentBytes: 0,
    neededBytes: 0,
  };
  while (found.kills < rounds) {
    const folder = await mkdtemp(path.join(tmpdir(), 'deskmate-killed-'));
    const verified = new Map(Object.entries(files).map(([file, bytes]) => [file, new Uint8Array(bytes.length)]));
    for (let isFinished = false; !isFinished;) {
      hub.served.length = 0;
      isFinished = await run([hub.url, folder, mode], found.kills < rounds);
      if (!isFinished) found.kills++;
      found.sentBytes += hub.served.reduce((sum, { sentBytes }) => sum + sentBytes, 0);
      for (const { path: file, start, end } of hub.served)
        found.fetchedTwice += verified
          .get(file)!
          .subarray(start, end)
          .filter((mark) => mark === 1).length;
      markVerified(await readFile(path.join(folder, 'download.json'), 'utf8').catch(() => ''), verified);
    }
    found.finished++;
    found.neededBytes += Object.values(files).reduce((sum, { length }) => sum + length, 0);
    for (const [file, bytes] of Object.entries(files)) if (hashIn(folder, file) !== sha256(bytes)) found.wrong++;
    found.leftParts += readdirSync(folder)
      .filter((entry) => /\.parts$/.test(entry))
      .flatMap((parts) => readdirSync(path.join(folder, parts))).length;
    await rm(folder, { recursive: true });
  }
  await hub.close();
  return found;
}

/** True when the process came to its end before it was killed. */
async function run(args: readonly string[], isKilled: boolean): Promise<boolean> {
  const program = path.join(import.meta.dirname, 'killedDownload.test-support.ts');
  const child = spawn(process.execPath, ['--import', 'tsx', program, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  child.stdout.once('data', () => {
    if (isKilled) setTimeout(() => child.kill('SIGKILL'), Math.random() * longestLifeMs);
  });
  await exited;
  if (child.exitCode !== null && child.exitCode !== 0) throw new Error(`The download ended with ${child.exitCode}`);
  return child.exitCode === 0;
}

/** What the journal says is on the disk. A line that the kill cut short says nothing. */
function markVerified(journal: string, verified: ReadonlyMap<string, Uint8Array>): void {
  const lines = journal.split('\n').slice(0, -1);
  for (const line of lines) {
    const { is, file, start, sizeBytes } = JSON.parse(line) as {
      is: string;
      file: string;
      start: number;
      sizeBytes: number;
    };
    if (is === 'chunk') verified.get(file)!.fill(1, start, start + sizeBytes);
    if (is === 'lost' || is === 'rejected') throw new Error(`Bytes were lost: ${line}`);
  }
}

/** Of the file, or of what its parts became, by Node. */
function hashIn(folder: string, file: string): string {
  const prefix = `${file}.prepared-`;
  const parts = readdirSync(folder).filter((name) => name.startsWith(prefix));
  const inOrder = parts.sort((one, other) => Number(one.slice(prefix.length)) - Number(other.slice(prefix.length)));
  const names = parts.length > 0 ? inOrder : [file];
  return sha256(Buffer.concat(names.map((name) => readFileSync(path.join(folder, name)))));
}

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
