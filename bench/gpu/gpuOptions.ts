import path from 'node:path';
import { parseArgs } from 'node:util';
import { Failure, reasonOf } from '../../scripts/failure';
import { Precision } from '../../src/shared/precision';
import { cacheFolder } from '../../src/worker/cacheFolder';
import type { SpeedWish } from './measureSpeedOnGpu';

export const gpuUsage = `Measures Deskmate's engine on this machine's GPU, at Qwen-7B's shape with random weights.

  --layers N          of 32 (default 32); the weights of four precisions take 30 GB on the disk
  --precision P,P     of bf16, int8, nf4, int4 (default: all)
  --prefill N,N       lengths of the prompts (default 64,512,1984)
  --decode N          tokens after each (default 64)
  --rounds N          measured answers of each length (default 3)
  --context N         context length (default 2048)
  --chunk N           tokens of one prefill run, skipping the check of the GPU's attention that chooses them
  --bandwidth N       the GPU's memory bandwidth in GB/s, as its maker tells it; copying is measured in any case
  --folder DIR        where the random weights are kept (default: the user's cache folder)
  --out DIR           where the record goes
  --name NAME         what to call the GPU in the record
  --software          let Mesa's driver compute on the CPU, to try the benchmark itself: add --layers 1 --chunk 31`;

export type GpuOptions = {
  speed: Omit<SpeedWish, 'precision'>;
  precisions: readonly Precision[];
  /** Bytes a second. */
  givenBandwidth: number | null;
  outFolder: string;
  loaderFolder: string | null;
  name: string | null;
  allowsSoftware: boolean;
};

/** Reads the command line; null when help was asked for. Throws a Failure for what it does not understand. */
export function gpuOptions(args: readonly string[], defaultOut: string): GpuOptions | null {
  const values = parse(args);
  if (values.help) return null;
  return {
    speed: {
      layers: count('layers', values.layers, 32),
      prefills: values.prefill.split(',').map((text) => count('prefill', text)),
      decode: count('decode', values.decode),
      rounds: count('rounds', values.rounds),
      contextLength: count('context', values.context, 32_767),
      chunkLength: values.chunk === undefined ? null : count('chunk', values.chunk),
      folder: path.resolve(values.folder ?? path.join(cacheFolder(), 'deskmate', 'bench', 'qwen-7b')),
    },
    precisions: values.precision.split(',').map(precisionOf),
    givenBandwidth: values.bandwidth === undefined ? null : count('bandwidth', values.bandwidth) * 1e9,
    outFolder: path.resolve(values.out ?? defaultOut),
    loaderFolder: values.loader ?? null,
    name: values.name ?? null,
    allowsSoftware: values.software,
  };
}

function parse(args: readonly string[]) {
  const value = { type: 'string' } as const;
  try {
    return parseArgs({
      args: [...args],
      options: {
        layers: { ...value, default: '32' },
        precision: { ...value, default: Precision.options.join() },
        prefill: { ...value, default: '64,512,1984' },
        decode: { ...value, default: '64' },
        rounds: { ...value, default: '3' },
        context: { ...value, default: '2048' },
        chunk: value,
        bandwidth: value,
        folder: value,
        out: value,
        name: value,
        loader: value, // a bundle's own
        software: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    }).values;
  } catch (error) {
    throw new Failure(`${reasonOf(error)}\n\n${gpuUsage}`);
  }
}

function count(name: string, text: string, most = 100_000): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 1 && value <= most) return value;
  throw new Failure(`--${name} ${text}: expected a whole number from 1 to ${most}.`);
}

function precisionOf(text: string): Precision {
  const parsed = Precision.safeParse(text);
  if (parsed.success) return parsed.data;
  throw new Failure(`--precision ${text}: there are ${Precision.options.join(', ')}.`);
}
