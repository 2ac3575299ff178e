import type { Precision } from '../../src/shared/precision';
import { benchConfig } from '../../src/worker/bench/benchShape';
import { estimateMemory } from '../../src/worker/hardware/memoryEstimate';
import { markdownTable } from './markdownTable';
import type { ProductsSpeed } from './measureProducts';
import type { GpuSpeed, SpeedWish } from './measureSpeedOnGpu';

/** All that one run of the benchmark found, as it goes into the JSON file. */
export type GpuRecord = {
  gpu: { name: string; driver: string | null; isSoftware: boolean };
  node: string;
  onnxRuntime: string;
  setup: Pick<SpeedWish, 'layers' | 'prefills' | 'decode' | 'rounds' | 'contextLength' | 'chunkLength'>;
  /** Bytes a second. */
  bandwidth: { copied: number | null; given: number | null };
  videoMemorySource: 'nvidia-smi' | 'amdgpu' | null;
  precisions: Partial<Record<Precision, MeasuredPrecision>>;
  /** What went wrong where something did, by the name of the measurement. */
  failures: Record<string, string>;
  products: Partial<Record<Precision, ProductsSpeed>>;
};

/** Video memory beyond what was used before; null where nothing tells it. */
export type MeasuredPrecision = GpuSpeed & {
  videoMemory: { beforeBytes: number; peakBytes: number; afterBytes: number } | null;
};

/** The record as a page to read. */
export function gpuMarkdown(record: GpuRecord): string {
  const { gpu, setup } = record;
  const paragraphs = [
    `# Speed on ${gpu.name} at Qwen-7B's shape`,
    `${setup.layers} of 32 layers, random weights, WebGPU execution provider of onnxruntime-node ${record.onnxRuntime}, Node ${record.node}${gpu.driver === null ? '' : `, driver ${gpu.driver}`}. Made by \`scripts/gpuBench.sh\`; the figures are in the JSON file beside this page.`,
    ...(gpu.isSoftware
      ? [
          '**Computed by a software driver on the CPU: this shows that the benchmark works and says nothing about a GPU.**',
        ]
      : []),
    precisionTable(record),
    setupNotes(record),
    ...productsSection(record),
    ...Object.entries(record.failures).map(([name, failure]) => `**${name} failed:** ${failure}`),
  ];
  return `${paragraphs.join('\n\n')}\n`;
}

function precisionTable(record: GpuRecord): string {
  // The record's keys were written by us.
  const measured = Object.entries(record.precisions) as [Precision, MeasuredPrecision][];
  const prefills = record.setup.prefills;
  const answer = (speed: MeasuredPrecision, prefill: number) =>
    speed.answers.find((timed) => timed.prefill === prefill)!;
  const row = (name: string, cell: (speed: MeasuredPrecision, precision: Precision) => string) => [
    name,
    ...measured.map(([precision, speed]) => cell(speed, precision)),
  ];
  const share = (which: string, bandwidth: number) =>
    row(`share of the ${which} bandwidth`, (speed) => percent(readRate(answer(speed, prefills[0]!)) / bandwidth));
  return markdownTable([
    ['', ...measured.map(([precision]) => precision)],
    ...prefills.map((n) =>
      row(`prefill of ${n}, tokens/s`, (speed) => figure(answer(speed, n).prefillTokensPerSecond)),
    ),
    ...prefills.map((n) =>
      row(`decode after ${n}, tokens/s`, (speed) => figure(1000 / answer(speed, n).decodeMsPerToken)),
    ),
    row('read for a token, GB', (speed) => gigabytes(answer(speed, prefills[0]!).decodeReadBytes)),
    row('read in decode, GB/s', (speed) => figure(readRate(answer(speed, prefills[0]!)) / 1e9)),
    ...Object.entries(record.bandwidth).flatMap(([which, rate]) => (rate === null ? [] : [share(which, rate)])),
    row('load, s', ({ loadMs }) => figure(loadMs / 1000)),
    row('load to the first token, s', ({ loadToFirstTokenMs }) => figure(loadToFirstTokenMs / 1000)),
    row('prefill chunk', ({ chunkLength }) => String(chunkLength)),
    row('check that chose it, s', ({ chunkCheckMs }) =>
      chunkCheckMs === null ? 'skipped' : figure(chunkCheckMs / 1000),
    ),
    row('VRAM before, GB', ({ videoMemory }) => (videoMemory ? gigabytes(videoMemory.beforeBytes) : '–')),
    row('VRAM, peak beyond that, GB', ({ videoMemory }) =>
      videoMemory ? gigabytes(videoMemory.peakBytes - videoMemory.beforeBytes) : '–',
    ),
    row('predicted peak, GB', (_, precision) => gigabytes(predictedPeak(record, precision))),
    row('VRAM after, GB', ({ videoMemory }) => (videoMemory ? gigabytes(videoMemory.afterBytes) : '–')),
    row('resident memory of the process, peak, GB', ({ peakRssBytes }) => gigabytes(peakRssBytes)),
  ]);
}

const readRate = ({
  decodeReadBytes,
  decodeMsPerToken,
}: {
  decodeReadBytes: number;
  decodeMsPerToken: number;
}): number => decodeReadBytes / (decodeMsPerToken / 1000);

/** Of what the longest answer takes of the context. */
function predictedPeak({ setup }: GpuRecord, precision: Precision): number {
  const contextLength = Math.min(setup.contextLength, Math.max(...setup.prefills) + setup.decode);
  const shape = benchConfig('qwen-7b', setup.layers);
  return estimateMemory({ shape, precision, device: 'gpu', contextLength }).peakBytes;
}

function setupNotes({ setup, bandwidth, videoMemorySource }: GpuRecord): string {
  const notes = [
    `Answers of each length: ${setup.rounds} of ${setup.decode} tokens, whose medians are shown, after one that compiles the shaders. A token reads all weights but the embedding, and the keys and values before it.`,
    setup.chunkLength === null
      ? 'The prefill chunk is what the engine’s check of the GPU’s attention chose.'
      : `The prefill chunk was given (\`--chunk ${setup.chunkLength}\`), and the engine’s check of the GPU’s attention skipped.`,
    bandwidth.copied === null
      ? 'The bandwidth of copying was not measured.'
      : `Copied bandwidth: ${figure(bandwidth.copied / 1e9)} GB/s read and written by the same execution provider's Neg on float32, which may itself stay below what the GPU can do.`,
    ...(bandwidth.given === null
      ? []
      : [`Given bandwidth: ${figure(bandwidth.given / 1e9)} GB/s, from the caller (\`--bandwidth\`).`]),
    videoMemorySource === null
      ? 'Nothing here tells the memory of a GPU: the rows of VRAM are empty.'
      : `VRAM: all GPUs together, ${videoMemorySource}, read ten times a second; the prediction is for the longest answer, with a chunk of 256.`,
  ];
  return notes.map((note) => `- ${note}`).join('\n');
}

function productsSection(record: GpuRecord): string[] {
  const products = Object.entries(record.products) as [Precision, ProductsSpeed][]; // the record's keys were written by us
  if (products.length === 0) return [];
  const operators = { bf16: 'MatMul', int8: 'MatMulNBits, 8 bits', nf4: 'MatMulBnb4', int4: 'MatMulNBits, 4 bits' };
  const rows = products.map(([precision, { msPerLayer, readBytesPerLayer }]) => {
    const rate = readBytesPerLayer / (msPerLayer / 1000);
    const share = record.bandwidth.copied === null ? '–' : percent(rate / record.bandwidth.copied);
    return [operators[precision], msPerLayer.toFixed(4), figure(rate / 1e9), share];
  });
  return [
    '## The products of one decoded token alone',
    `w1 and c_proj of a layer (4096 × 11008 and back) for one token, ${record.setup.layers === 1 ? 'with all that a run costs besides' : 'from a chain of all layers less a chain of one'}.`,
    markdownTable([['', 'ms a layer', 'GB/s', 'share of the copied bandwidth'], ...rows]),
  ];
}

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
const gigabytes = (bytes: number): string => (bytes / 1e9).toFixed(2);
/** Three digits that mean something. */
const figure = (value: number): string =>
  value >= 100
    ? value.toFixed(0)
    : value >= 10
      ? value.toFixed(1)
      : value >= 1
        ? value.toFixed(2)
        : value.toPrecision(2);
