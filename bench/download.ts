import { parseArgs } from 'node:util';
import { killLoop } from '../src/main/download/killLoop.test-support';

/** Kills downloads with SIGKILL at random moments: are the bytes right in the end, and is any verified one fetched twice? */
export async function benchDownload(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({ args: [...args], options: { rounds: { type: 'string', default: '100' } } });
  const rounds = Number(values.rounds);
  console.log('mode     kills  downloads  wrong files  verified bytes fetched twice  sent/needed  seconds');
  for (const mode of ['keep', 'release'] as const) {
    const startMs = performance.now();
    const { kills, finished, wrong, fetchedTwice, leftParts, sentBytes, neededBytes } = await killLoop(mode, rounds);
    const seconds = (performance.now() - startMs) / 1000;
    const columns = [kills, finished, wrong, fetchedTwice, (sentBytes / neededBytes).toFixed(3), seconds.toFixed(0)];
    const widths = [5, 9, 11, 28, 11, 7];
    console.log(`${mode.padEnd(7)}  ${columns.map((value, at) => String(value).padStart(widths[at]!)).join('  ')}`);
    if (wrong > 0 || fetchedTwice > 0 || leftParts > 0) process.exitCode = 1;
  }
}
