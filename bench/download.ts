import { parseArgs } from 'node:util';
import { killLoop } from '../src/main/download/killLoop.test-support';
import { measureDownload } from './downloadSpeed';

/**
 * Kills downloads with SIGKILL at random moments: are the bytes right in the end, and is any verified one fetched twice? Then
 * one from this computer itself: how long is the thread of the window busy at a stretch?
 */
export async function benchDownload(args: readonly string[]): Promise<void> {
  const options = {
    rounds: { type: 'string', default: '100' },
    megabytes: { type: 'string', default: '300' },
  } as const;
  const { values } = parseArgs({ args: [...args], options });
  await killDownloads(Number(values.rounds));
  const { secondsPerGigabyte, p99Ms, longestMs } = await measureDownload(Number(values.megabytes));
  const processor =
    secondsPerGigabyte === null ? '' : `${secondsPerGigabyte.toFixed(1)} s of the processor for a gigabyte, `;
  const stretch = `${p99Ms.toFixed(0)} ms at a stretch (99 %), ${longestMs.toFixed(0)} ms at most`;
  console.log(`\nthe main thread at 30 MB/s: ${processor}${stretch}`);
}

async function killDownloads(rounds: number): Promise<void> {
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
