import type { GpuProof, Hardware } from '../../shared/hardware';
import type { LoadProgress, MemoryUse, OpenedModel } from '../../shared/model';
import type { Device, DeviceSetting, PrecisionSetting } from '../../shared/precision';
import { floatTypeOn } from '../../shared/preparedForm';
import type { Measurement } from '../../shared/verdict';
import { readGenerationConfig } from '../checkpoint/generationConfig';
import type { QwenConfig } from '../checkpoint/qwenConfig';
import { maxContextLength } from '../graph/rotary';
import { chooseSetup, type Setup } from '../hardware/chooseSetup';
import { computingGpu } from '../hardware/computingGpu';
import { lookAt } from '../hardware/detectHardware';
import { findGpus } from '../hardware/findGpus';
import { fittingContext } from '../hardware/fittingContext';
import { thisMachine } from '../hardware/machine';
import { estimateMemory } from '../hardware/memoryEstimate';
import { nothingReleased, ordinaryContext, type Situation, type Way } from '../hardware/rankVerdicts';
import { requireMemory } from '../hardware/requireMemory';
import { readMemory, takenMemory, type MemoryReading } from '../hardware/takenMemory';
import type { PreparedFolder } from '../prepare/preparedFolder';
import { configOf, openQwenModel, type OpenQwenOptions } from '../runtime/openQwenModel';
import { executionProviders } from '../runtime/session';
import { QwenTokenizer } from '../tokenizer/qwenTokenizer';
import { defaultSystem } from './buildPrompt';
import { ChatModel } from './chatModel';
import { block, encodePieces } from './chatml';

export type OpenChatOptions = {
  modelFolder: string;
  /** Where quantized weights are kept between starts. */
  preparedFolder: string;
  /** As in `openQwenModel`. */
  fingerprint: string | null;
  form?: PreparedFolder;
  precision: PrecisionSetting;
  device: DeviceSetting;
  /** What Auto may choose from; null: any. */
  forms: readonly Way[] | null;
  proof: GpuProof | null;
  measurements: readonly Measurement[];
  onProgress: (progress: LoadProgress) => void;
  signal: AbortSignal;
};

/** On a CPU a longer prompt would keep its user waiting too long. */
const longestContexts: Record<Device, number> = { cpu: 8192, gpu: maxContextLength };

/** The longest context a model gets on a device, where memory allows. */
const longestContext = (device: Device, { maxPositions }: QwenConfig): number =>
  Math.min(longestContexts[device], maxPositions);

/** The context a model gets on a device, unless asked otherwise. */
export const defaultContextLength = (device: Device, config: QwenConfig): number =>
  Math.min(8192, longestContext(device, config));

/** Reads, prepares and opens a model folder as the settings say. Every chat begins with the same system text, so computing
 *  that also shows that the device computes, and compiles what has to be compiled. */
export async function openChatModel(options: OpenChatOptions): Promise<ChatModel> {
  const { modelFolder, onProgress } = options;
  onProgress({ stage: 'starting', fraction: null });
  const config = await configOf(options);
  const tokenizer = await QwenTokenizer.openFor(config, modelFolder);
  const generationConfig = await readGenerationConfig(modelFolder);
  const computer = await lookAt(thisMachine);
  const situation = situationOf(computer, config, options);
  const setup = chooseSetup(options, situation, options.forms);
  onProgress({ stage: 'starting', fraction: null, way: { precision: setup.precision, device: setup.device } });
  requireMemory(setup, situation);
  const contextLength = fittingContext(
    { shape: config, ...setup },
    {
      freeBytes: memoryOf(computer, setup.device).free,
      least: Math.min(ordinaryContext, config.maxPositions),
      longest: longestContext(setup.device, config),
    },
  );
  const before = readMemory(computer.gpus);
  const { model, weightsBytes, wasPrepared } = await openCounting({ ...options, ...setup, contextLength });
  onProgress({ stage: 'warmingUp', fraction: null });
  await model.prefill(encodePieces(tokenizer, block(defaultSystem)));
  const conversationBytes = model.cacheBytes;
  const memory = memoryUse(computer, setup.device, { weightsBytes, conversationBytes });
  const isPlain = setup.device === 'gpu' || !wasPrepared;
  const measurement = isPlain ? await measure(setup, config, { before, weightsBytes, conversationBytes }) : null;
  const opened = { ...describe(setup, computer), contextLength, memory, measurement };
  return new ChatModel({ opened, model, tokenizer, generationConfig });
}

type Computer = Pick<Hardware, 'gpus' | 'ram' | 'cpu'>;

/** What the verdicts of this model are made of, with nothing to unload: the process is new. */
const situationOf = (
  { gpus, ram }: Computer,
  shape: QwenConfig,
  { proof, measurements }: Pick<OpenChatOptions, 'proof' | 'measurements'>,
): Situation => ({ gpus, ram, shape, contextLength: ordinaryContext, released: nothingReleased, proof, measurements });

/** Opens the model and tells whether weights were prepared in this process, whose RAM then says nothing of the model's. */
async function openCounting(
  options: OpenQwenOptions,
): Promise<Awaited<ReturnType<typeof openQwenModel>> & { wasPrepared: boolean }> {
  let wasPrepared = false;
  const opened = await openQwenModel({
    ...options,
    onProgress: (progress) => {
      wasPrepared ||= progress.stage === 'preparing';
      options.onProgress?.(progress);
    },
  });
  return { ...opened, wasPrepared };
}

type Opened = { before: MemoryReading; weightsBytes: number; conversationBytes: number };

/** What the memory of the device says, now that the model has computed. */
async function measure(
  { precision, device }: Setup,
  shape: QwenConfig,
  { before, weightsBytes, conversationBytes }: Opened,
): Promise<Measurement | null> {
  const gpus = device === 'gpu' ? (await findGpus(thisMachine, thisMachine.ram())).gpus : [];
  const peakBytes = takenMemory(before, readMemory(gpus), { device, weightsBytes });
  if (peakBytes === null) return null;
  const bytesPerToken = estimateMemory({ shape, precision, device, contextLength: 1 }).cacheBytes;
  return { precision, device, contextLength: Math.round(conversationBytes / bytesPerToken), peakBytes };
}

const describe = (
  { precision, device, reason }: Setup,
  { gpus, cpu }: Computer,
): Omit<OpenedModel, 'contextLength' | 'memory' | 'measurement'> => ({
  precision,
  device,
  reason,
  deviceName: device === 'cpu' ? cpu.name : (computingGpu(gpus)?.name ?? 'GPU'),
  executionProvider: executionProviders[device],
  computedIn: floatTypeOn[device],
});

/** Free memory was read before the model was opened, so what was taken then belongs to others. */
function memoryUse(
  computer: Computer,
  device: Device,
  own: Pick<MemoryUse, 'weightsBytes' | 'conversationBytes'>,
): MemoryUse {
  const { total, free } = memoryOf(computer, device);
  const known = total !== null && free !== null;
  const kind = device === 'cpu' ? 'ram' : 'vram';
  return { kind, totalBytes: total, othersBytes: known ? total - free : null, ...own };
}

/** Null where no probe can read it. */
function memoryOf({ gpus, ram }: Computer, device: Device): { total: number | null; free: number | null } {
  if (device === 'cpu') return ram;
  const gpu = computingGpu(gpus);
  return { total: gpu?.vramTotal ?? null, free: gpu?.vramFree ?? null };
}
