import { execFile, spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';

/** What is used of the memory of all GPUs, bytes: only differences mean something. */
export type VideoMemory = {
  source: 'nvidia-smi' | 'amdgpu';
  /** The last reading. */
  readonly usedBytes: number;
  /** The largest reading since the last call. */
  takePeak(): number;
  stop(): void;
};

const intervalMs = 100;

/** Watches the GPUs' memory from now on; null where nothing tells it. */
export async function watchVideoMemory(): Promise<VideoMemory | null> {
  return (await watchNvidia()) ?? watchAmd();
}

/** Name and driver of the first NVIDIA GPU; null without one. */
export async function nvidiaName(): Promise<{ name: string; driver: string } | null> {
  const query = ['--query-gpu=name,driver_version', '--format=csv,noheader'];
  const output = await promisify(execFile)('nvidia-smi', query).catch(() => null); // no such program: no such GPU
  const [name, driver] = output?.stdout.split('\n')[0]?.split(', ') ?? [];
  return name === undefined || driver === undefined ? null : { name, driver: driver.trim() };
}

/** nvidia-smi prints a line for each GPU again and again. */
async function watchNvidia(): Promise<VideoMemory | null> {
  if ((await nvidiaName()) === null) return null;
  const query = ['--query-gpu=index,memory.used', '--format=csv,noheader,nounits', '-lms', String(intervalMs)];
  const smi = spawn('nvidia-smi', query, { stdio: ['ignore', 'pipe', 'ignore'] });
  const readings = new Readings();
  const byGpu = new Map<string, number>();
  createInterface(smi.stdout).on('line', (line) => {
    const [, index, mebibytes] = /^(\d+), (\d+)$/.exec(line) ?? [];
    if (index === undefined) return; // a message
    byGpu.set(index, Number(mebibytes) * 2 ** 20);
    readings.add([...byGpu.values()].reduce((a, b) => a + b, 0));
  });
  while (byGpu.size === 0 && smi.exitCode === null) await new Promise((resolve) => setTimeout(resolve, intervalMs));
  return byGpu.size === 0 ? null : watched('nvidia-smi', readings, () => smi.kill());
}

function watchAmd(): VideoMemory | null {
  const folder = '/sys/class/drm';
  const cards = existsSync(folder) ? readdirSync(folder).filter((name) => /^card\d+$/.test(name)) : [];
  const files = cards.map((card) => path.join(folder, card, 'device', 'mem_info_vram_used')).filter(existsSync);
  if (files.length === 0) return null;
  const readings = new Readings();
  const read = () => readings.add(files.reduce((sum, file) => sum + Number(readFileSync(file, 'utf8')), 0));
  read();
  const timer = setInterval(read, intervalMs);
  return watched('amdgpu', readings, () => clearInterval(timer));
}

class Readings {
  last = 0;
  peak = 0;

  add(bytes: number): void {
    this.last = bytes;
    this.peak = Math.max(this.peak, bytes);
  }
}

function watched(source: VideoMemory['source'], readings: Readings, stop: () => void): VideoMemory {
  return {
    source,
    get usedBytes() {
      return readings.last;
    },
    takePeak() {
      const { peak } = readings;
      readings.peak = readings.last;
      return peak;
    },
    stop,
  };
}
