import type { Gpu, Hardware } from '../../shared/hardware';
import type { LoadProgress, MemoryUse, OpenedModel } from '../../shared/model';
import type { Device, DeviceSetting, PrecisionSetting } from '../../shared/precision';
import { openCheckpoint } from '../checkpoint/checkpoint';
import { readGenerationConfig } from '../checkpoint/generationConfig';
import type { QwenConfig } from '../checkpoint/qwenConfig';
import { chooseSetup, type Setup } from '../hardware/chooseSetup';
import { detectHardware } from '../hardware/detectHardware';
import { thisMachine } from '../hardware/machine';
import { floatTypeOn, openQwenModel } from '../runtime/openQwenModel';
import { executionProviders } from '../runtime/session';
import { QwenTokenizer } from '../tokenizer/qwenTokenizer';
import { defaultSystem } from './buildPrompt';
import { ChatModel } from './chatModel';
import { block, encodePieces } from './chatml';

export type OpenChatOptions = {
  modelFolder: string;
  /** Where quantized weights are kept between starts. */
  preparedFolder: string;
  precision: PrecisionSetting;
  device: DeviceSetting;
  onProgress: (progress: LoadProgress) => void;
  signal: AbortSignal;
};

/** A GPU's cache takes its memory at once, half a megabyte a token for a 7B model; the CPU's grows with the conversation. */
const contextLengths: Record<Device, number> = { cpu: 8192, gpu: 2048 };

/** The context a model gets on a device, unless asked otherwise. */
export const defaultContextLength = (device: Device, config: QwenConfig): number =>
  Math.min(contextLengths[device], config.maxPositions);

/** Reads, prepares and opens a model folder as the settings say. Every chat begins with the same system text, so computing
 *  that also shows that the device computes, and compiles what has to be compiled. */
export async function openChatModel(options: OpenChatOptions): Promise<ChatModel> {
  const { modelFolder, onProgress } = options;
  onProgress({ stage: 'starting', fraction: null });
  const checkpoint = await openCheckpoint(modelFolder);
  const tokenizer = await QwenTokenizer.open(modelFolder);
  const generationConfig = await readGenerationConfig(modelFolder);
  const { config } = checkpoint;
  const wanted = { shape: config, contextLength: defaultContextLength('gpu', config) };
  const hardware = await detectHardware(thisMachine, wanted);
  const setup = chooseSetup(options, { ...hardware, ...wanted });
  const contextLength = defaultContextLength(setup.device, config);
  const { model, weightsBytes } = await openQwenModel(checkpoint, { ...options, ...setup, contextLength });
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
  { gpus, ram }: Hardware,
  device: Device,
  own: Pick<MemoryUse, 'weightsBytes' | 'conversationBytes'>,
): MemoryUse {
  const gpu = roomiest(gpus);
  const total = device === 'cpu' ? ram.total : (gpu?.vramTotal ?? null);
  const free = device === 'cpu' ? ram.free : (gpu?.vramFree ?? null);
  const known = total !== null && free !== null;
  const kind = device === 'cpu' ? 'ram' : 'vram';
  return { kind, totalBytes: total, othersBytes: known ? total - free : null, ...own };
}

/** The GPU that the choice was made for: the one with the most free memory. */
const roomiest = (gpus: Hardware['gpus']): Gpu | undefined =>
  gpus.toSorted((a, b) => (b.vramFree ?? 0) - (a.vramFree ?? 0))[0];
