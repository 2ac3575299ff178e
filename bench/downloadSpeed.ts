import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { createInterface } from 'node:readline';
import { BandwidthLimit } from '../src/main/download/bandwidthLimit';
import { systemClock } from '../src/main/download/clock';
import { downloadFiles } from '../src/main/download/downloadFiles';
import { inOneFile } from '../src/main/download/downloadPlan';
import { repositoryAt } from '../src/main/download/hubRepository';
import { listRepository } from '../src/main/download/listRepository';

const name = 'Qwen/Large';
/** As fast as a line of 240 Mbit/s: what is faster than any line tells of the disk and the hub alone. */
const bytesPerSecond = 30e6;

/** What a download takes of this thread, in which Electron also serves the window. */
export type MainThread = {
  /** Of the processor, for every gigabyte; not known but on Linux. */
  readonly secondsPerGigabyte: number | null;
  /** In which it answered nothing else. */
  readonly p99Ms: number;
  readonly longestMs: number;
};

/** Downloads one large file as from a fast line, from a hub in a process of its own. */
export async function measureDownload(megabytes: number): Promise<MainThread> {
  const folder = await mkdtemp(path.join(tmpdir(), 'deskmate-speed-'));
  const published = path.join(folder, 'published');
  await mkdir(published);
  await writeFile(path.join(published, 'model.safetensors'), randomBytes(megabytes * 1e6));
  const program = path.join(import.meta.dirname, '../testing/hub/hubProcess.ts');
  const args = ['--import', 'tsx', program, `${name}=${published}`];
  const hub = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  const exited = once(hub, 'exit');
  try {
    const line = await createInterface(hub.stdout)[Symbol.asyncIterator]().next();
    const { url } = JSON.parse(String(line.value)) as { url: string };
    const { seconds, ...delays } = await measure(url, path.join(folder, 'fetched'));
    return { ...delays, secondsPerGigabyte: seconds && (seconds * 1000) / megabytes };
  } finally {
    hub.stdin.end();
    await exited;
    await rm(folder, { recursive: true });
  }
}

async function measure(url: string, folder: string) {
  const network = { fetch, clock: systemClock, signal: new AbortController().signal };
  const repository = repositoryAt('custom', name, url)!;
  const { files } = await listRepository(repository, network, network.signal);
  const delay = monitorEventLoopDelay({ resolution: 1 });
  const limit = new BandwidthLimit(systemClock);
  limit.set(bytesPerSecond);
  const before = threadSeconds();
  delay.enable();
  await downloadFiles({
    ...network,
    files: files.map((file) => inOneFile(file, path.join(folder, file.path))),
    ...{ sources: [repository], journalPath: path.join(folder, 'download.json') },
    limit,
  });
  delay.disable();
  const seconds = before === null ? null : threadSeconds()! - before;
  return { seconds, p99Ms: delay.percentile(99) / 1e6, longestMs: delay.max / 1e6 };
}

/** Processor time of the main thread: fields 14 and 15 of its stat, in hundredths of a second (proc(5)). */
function threadSeconds(): number | null {
  if (process.platform !== 'linux') return null;
  const stat = readFileSync(`/proc/self/task/${process.pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
}
