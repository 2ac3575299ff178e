import { access, mkdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { benchConfig } from '../src/worker/bench/benchShape';
import { cacheFolder } from '../src/worker/cacheFolder';
import type { QwenConfig } from '../src/worker/checkpoint/qwenConfig';
import { blockwiseFormats, type BlockwiseFormat } from '../src/worker/quantize/blockwise';
import { EnginePeer, type Answered, type Opened } from './enginePeer';
import { ggufBytesOfToken, writeRandomGguf } from './ggufWriter';
import { resolveLlamaPackage } from './llamaPackage';
import { median } from './median';
import { readRate } from './readRate';

const formats = { int4: 'Q4_0', int8: 'Q8_0' } as const;
type ComparedPrecision = keyof typeof formats;

const folder = path.join(cacheFolder(), 'deskmate', 'bench');
const decode = 16;

type Setup = { layers: number; rounds: number; prefills: readonly number[] };

/** Ours beside llama.cpp on the CPU at Qwen-7B's shape, in turns within one run, with as many threads as there are cores:
 *  `npm run bench -- llama [--layers N] [--precision int4|int8] [--rounds N] [--prefill N,N]`. Below 1 is faster or smaller than llama.cpp. */
export async function benchLlamaCpp(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      layers: { type: 'string', default: '4' },
      precision: { type: 'string', default: Object.keys(formats).join() },
      rounds: { type: 'string', default: '5' },
      prefill: { type: 'string', default: '16,64,512' },
    },
  });
  const llamaEntry = await resolveLlamaPackage(path.join(folder, 'llama'));
  const setup = {
    layers: Number(values.layers),
    rounds: Number(values.rounds),
    prefills: values.prefill.split(',').map(Number),
  };
  console.log(`a row of float32 by a matrix reads ${((await readRate()) / 1e6).toFixed(0)} MB/s`);
  for (const precision of values.precision.split(',') as ComparedPrecision[]) {
    if (!Object.hasOwn(formats, precision)) throw new Error(`llama.cpp is not compared at ${precision}`);
    await compare(precision, llamaEntry, setup);
  }
}

async function compare(precision: ComparedPrecision, llamaEntry: string, setup: Setup): Promise<void> {
  const contextLength = String(Math.max(...setup.prefills) + decode + 1);
  const layers = String(setup.layers);
  const gguf = await randomGguf(precision, setup.layers);
  const engines = {
    deskmate: new EnginePeer('deskmatePeer.ts', [precision, layers, contextLength, path.join(folder, 'qwen-7b')]),
    'llama.cpp': new EnginePeer('llamaPeer.ts', [llamaEntry, gguf, contextLength]),
  };
  try {
    const figures = new Map<string, Record<string, number>>();
    for (const [name, engine] of Object.entries(engines)) figures.set(name, loading(await engine.open()));
    const answers = await inTurns(engines, setup);
    const bytes = bytesOfToken(precision, benchConfig('qwen-7b', setup.layers));
    for (const [name, figure] of figures)
      Object.assign(figure, summary(answers.get(name)!), reading(bytes[name]!, answers.get(name)!));
    report(`${precision} against ${formats[precision]}, ${layers} layers`, figures);
  } finally {
    for (const engine of Object.values(engines)) engine.close();
  }
}

const loading = ({ ms, userMs, systemMs }: Opened): Record<string, number> => ({
  ...{ 'load to first token, ms': ms, 'its computing, ms': userMs, 'its memory and files, ms': systemMs },
});

type Timed = Answered & { prefill: number };

async function inTurns(
  engines: Readonly<Record<string, EnginePeer>>,
  { rounds, prefills }: Setup,
): Promise<Map<string, Timed[]>> {
  const answers = new Map<string, Timed[]>(Object.keys(engines).map((name) => [name, []]));
  for (let round = 0; round < rounds; round++)
    for (const prefill of prefills)
      for (const [name, engine] of Object.entries(engines))
        answers.get(name)!.push({ ...(await engine.answer({ prefill, decode }, round)), prefill });
  return answers;
}

function summary(answers: readonly Timed[]): Record<string, number> {
  const prefills = [...new Set(answers.map(({ prefill }) => prefill))];
  const after = (prefill: number) => answers.filter((answer) => answer.prefill === prefill);
  const decodeMs = (prefill: number) => median(after(prefill).flatMap((answer) => answer.decodeMs));
  const prefillMs = (prefill: number) => median(after(prefill).map((answer) => answer.prefillMs));
  return {
    'decode, ms a token': median(answers.flatMap((answer) => answer.decodeMs)),
    ...Object.fromEntries(prefills.map((prefill) => [`decode after ${prefill}, ms a token`, decodeMs(prefill)])),
    ...Object.fromEntries(prefills.map((prefill) => [`prefill of ${prefill}, ms`, prefillMs(prefill)])),
    'resident memory, MB': Math.max(...answers.map(({ rssBytes }) => rssBytes)) / 1e6,
  };
}

/** Every weight but the embedding is read once for a token. MLAS packs a float32 scale and a float32 sum beside the codes of a block. */
function bytesOfToken(precision: ComparedPrecision, config: QwenConfig): Record<string, number> {
  const { [precision]: linear, int8: head } = blockwiseFormats.float32;
  const packed = ({ bits, blockSize }: BlockwiseFormat) => bits / 8 + 8 / blockSize;
  const headWeights = config.vocabularySize * config.hiddenSize;
  const linears = config.layers * config.hiddenSize * (4 * config.hiddenSize + 3 * config.feedForwardSize);
  return {
    deskmate: linears * packed(linear) + headWeights * packed(head),
    'llama.cpp': ggufBytesOfToken(config, formats[precision]),
  };
}

const reading = (bytes: number, answers: readonly Timed[]): Record<string, number> => ({
  ...{
    'weights of a token, MB': bytes / 1e6,
    'read while decoding, MB/s': bytes / 1e3 / median(answers.flatMap(({ decodeMs }) => decodeMs)),
  },
});

function report(title: string, figures: ReadonlyMap<string, Readonly<Record<string, number>>>): void {
  const [ours, theirs] = [figures.get('deskmate')!, figures.get('llama.cpp')!];
  console.log(`${title.padEnd(36)} deskmate  llama.cpp   ratio`);
  for (const [name, value] of Object.entries(ours)) {
    const other = theirs[name]!;
    const columns = [name.padEnd(34), value.toFixed(0).padStart(10), other.toFixed(0).padStart(10)];
    console.log(...columns, (value / other).toFixed(2).padStart(7));
  }
}

/** Written on the first run, kept for the next. */
async function randomGguf(precision: ComparedPrecision, layers: number): Promise<string> {
  const file = path.join(folder, `qwen-7b-${layers}-${formats[precision]}.gguf`);
  try {
    await access(file);
  } catch {
    await mkdir(folder, { recursive: true }); // absent: this is the first run
    await writeRandomGguf(file, benchConfig('qwen-7b', layers), formats[precision]);
    console.log(`made ${file}, ${((await stat(file)).size / 1e9).toFixed(1)} GB`);
  }
  return file;
}
