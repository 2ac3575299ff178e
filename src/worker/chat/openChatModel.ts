import type { Gpu, Hardware } from '../../shared/hardware';
import type { LoadProgress, MemoryUse, OpenedModel } from '../../shared/model';
import type { Device, DeviceSetting, PrecisionSetting } from '../../shared/precision';
import { floatTypeOn } from '../../shared/preparedForm';
import { readGenerationConfig } from '../checkpoint/generationConfig';
import { readQwenConfig, type QwenConfig } from '../checkpoint/qwenConfig';
import { chooseSetup, type Setup } from '../hardware/chooseSetup';
import { detectHardware } from '../hardware/detectHardware';
import { fittingContext } from '../hardware/fittingContext';
import { thisMachine } from '../hardware/machine';
import { openQwenModel } from '../runtime/openQwenModel';
import { maxContextLength } from '../runtime/qwenModel';
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
  precision: PrecisionSetting;
  device: DeviceSetting;
  onProgress: (progress: LoadProgress) => void;
  signal: AbortSignal;
};

/** On a CPU a longer prompt would keep its user waiting too long. */
const longestContexts: Record<Device, number> = { cpu: 8192, gpu: maxContextLength };

/** What a precision is chosen for: an ordinary conversation. Longer ones take more memory as they grow. */
const ordinaryContext = 2048;

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
  const config = await readQwenConfig(modelFolder);
  const tokenizer = await QwenTokenizer.open(modelFolder);
  const generationConfig = await readGenerationConfig(modelFolder);
  const wanted = { shape: config, contextLength: Math.min(ordinaryContext, config.maxPositions) };
  const hardware = await detectHardware(thisMachine, wanted);
  const setup = chooseSetup(options, { ...hardware, ...wanted });
  const contextLength = fittingContext(
    { shape: config, ...setup },
    {
      freeBytes: memoryOf(hardware, setup.device).free,
      least: wanted.contextLength,
      longest: longestContext(setup.device, config),
    },
  );
  const { model, weightsBytes } = await openQwenModel({ ...options, ...setup, contextLength });
  onProgress({ stage: 'warmingUp', fraction: null });
  await model.prefill(encodePieces(tokenizer, block(defaultSystem)));
  const memory = memoryUse(hardware, setup.device, { weightsBytes, conversationBytes: model.cacheBytes });
  const opened = { ...describe(setup, hardware), contextLength, memory };
  return new ChatModel({ opened, model, tokenizer, generationConfig });
}

const describe = (
  { precision, device, reason }: Setup,
  { gpus, cpu }: Hardware,
): Omit<OpenedModel, 'contextLength' | 'memory'> => ({
  precision,
  device,
  reason,
  deviceName: device === 'cpu' ? cpu.name : (roomiest(gpus)?.name ?? 'GPU'),
  executionProvider: executionProviders[device],
  computedIn: floatTypeOn[device],
});

/** Free memory was read before the model was opened, so what was taken then belongs to others. */
function memoryUse(
  hardware: Hardware,
  device: Device,
  own: Pick<MemoryUse, 'weightsBytes' | 'conversationBytes'>,
): MemoryUse {
  const { total, free } = memoryOf(hardware, device);
  const known = total !== null && free !== null;
  const kind = device === 'cpu' ? 'ram' : 'vram';
  return { kind, totalBytes: total, othersBytes: known ? total - free : null, ...own };
}

/** Null where no probe can read it. */
function memoryOf({ gpus, ram }: Hardware, device: Device): { total: number | null; free: number | null } {
  if (device === 'cpu') return ram;
  const gpu = roomiest(gpus);
  return { total: gpu?.vramTotal ?? null, free: gpu?.vramFree ?? null };
}

/** The GPU that the choice was made for: the one with the most free memory. */
const roomiest = (gpus: Hardware['gpus']): Gpu | undefined =>
  gpus.toSorted((a, b) => (b.vramFree ?? 0) - (a.vramFree ?? 0))[0];
