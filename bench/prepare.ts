import { execFileSync } from 'node:child_process';
import { closeSync, fsyncSync, openSync, readdirSync, readSync, statSync, writeSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { bundleProgram } from '../scripts/bundleProgram';
import { writeRandomCheckpoint } from '../src/worker/checkpoint/randomCheckpoint.test-support';
import { median } from './median';

/** Layers of Qwen-7B, its embedding and its lm_head. */
const shapeOf = (layers: number) => ({
  ...{ layers, hiddenSize: 4096, feedForwardSize: 11_008, vocabularySize: 151_936 },
});
/** Of all tensors. Source: model.safetensors.index.json of Qwen-7B-Chat. */
const bytesOf7b = 15_442_649_088;
const forms = [
  ['bf16', 'float32'],
  ['bf16', 'float16'],
  ['int8', 'float32'],
  ['nf4', 'float16'],
  ['int4', 'float32'],
] as const;

type Measured = { readSeconds: number; writeSeconds: number; seconds: number; peakBytes: number; outputBytes: number };

/** Preparing a checkpoint beside what merely reading it and writing as many bytes costs, in turns, since a shared disk is never the
 *  same twice: `npm run bench -- prepare [--layers N] [--rounds N]`. All 32 layers take 45 GB of disk. */
export async function benchPrepare(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: { layers: { type: 'string', default: '4' }, rounds: { type: 'string', default: '3' } },
  });
  const root = await mkdtemp(path.join(os.tmpdir(), 'deskmate-bench-'));
  try {
    const program = await buildProgram(path.join(root, 'program'));
    const source = path.join(root, 'source');
    await writeRandomCheckpoint(source, shapeOf(Number(values.layers)));
    const shards = filesIn(source).filter((file) => file.endsWith('.safetensors'));
    const sourceBytes = sizeOf(shards);
    console.log(`reads ${gigabytes(sourceBytes)} GB; ${os.availableParallelism()} cores`);
    console.log('precision          read s  write s  prepare s  plain/prepare  peak MB  out GB  7B s');
    for (const form of forms) {
      const runs: Measured[] = [];
      for (let round = 0; round < Number(values.rounds); round++)
        runs.push(await measure({ root, source, shards, program }, form));
      report(form, runs, bytesOf7b / sourceBytes);
    }
  } finally {
    await rm(root, { recursive: true });
  }
}

/** prepareOnce and its threads as the app has them: compiling the sources in every thread takes longer than a gigabyte of weights. */
async function buildProgram(folder: string): Promise<string> {
  await bundleProgram(folder, {
    prepareOnce: 'bench/prepareOnce.ts',
    prepareThread: 'src/worker/prepare/prepareThread.ts',
  });
  return path.join(folder, 'prepareOnce.js');
}

const filesIn = (folder: string): string[] => readdirSync(folder).map((file) => path.join(folder, file));

const sizeOf = (files: readonly string[]): number => files.reduce((sum, file) => sum + statSync(file).size, 0);

type Place = { root: string; source: string; shards: readonly string[]; program: string };

async function measure({ root, source, shards, program }: Place, form: (typeof forms)[number]): Promise<Measured> {
  const out = path.join(root, 'out');
  const readSeconds = timed(() => copy(shards, null));
  const printed = execFileSync(process.execPath, [program, source, out, ...form], {
    encoding: 'utf8',
  });
  const { seconds, peakBytes } = JSON.parse(printed) as { seconds: number; peakBytes: number }; // prepareOnce prints it
  const files = filesIn(out);
  const outputBytes = sizeOf(files);
  const readAgain = timed(() => copy(files, null));
  const writeSeconds = timed(() => copy(files, path.join(root, 'copy'))) - readAgain;
  await rm(out, { recursive: true });
  await rm(path.join(root, 'copy'));
  return { readSeconds, writeSeconds, seconds, peakBytes, outputBytes };
}

function timed(work: () => void): number {
  const start = performance.now();
  work();
  return (performance.now() - start) / 1000;
}

/** As cat does it; what is written reaches the disk. */
function copy(files: readonly string[], to: string | null): void {
  const buffer = new Uint8Array(1 << 20);
  const target = to === null ? null : openSync(to, 'w');
  for (const file of files) {
    const descriptor = openSync(file, 'r');
    for (let length; (length = readSync(descriptor, buffer)) > 0;)
      if (target !== null) writeSync(target, buffer, 0, length);
    closeSync(descriptor);
  }
  if (target === null) return;
  fsyncSync(target);
  closeSync(target);
}

function report([precision, floatType]: (typeof forms)[number], runs: readonly Measured[], scale: number): void {
  const of = (part: keyof Measured) => median(runs.map((run) => run[part]));
  const ratio = median(runs.map(({ readSeconds, writeSeconds, seconds }) => (readSeconds + writeSeconds) / seconds));
  const columns = [
    `${precision} ${floatType}`.padEnd(16),
    of('readSeconds').toFixed(2).padStart(8),
    of('writeSeconds').toFixed(2).padStart(8),
    of('seconds').toFixed(2).padStart(10),
    ratio.toFixed(2).padStart(14),
    (of('peakBytes') / 1e6).toFixed(0).padStart(8),
    gigabytes(of('outputBytes')).padStart(7),
    (of('seconds') * scale).toFixed(0).padStart(5),
  ];
  console.log(columns.join(' '));
}

const gigabytes = (bytes: number): string => (bytes / 1e9).toFixed(2);
