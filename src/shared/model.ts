import { z } from 'zod';
import { ModelId } from './library';
import { Device, DeviceSetting, Precision, PrecisionSetting } from './precision';
import { Measurement } from './verdict';
import { WireError } from './wireError';

/** Why this precision and device: the user asked, or what Auto saw. Each has `choice.<reason>` in both languages. */
export const ChoiceReason = z.enum([
  'chosen',
  'fitsGpu',
  'noGpu',
  'gpuBroken',
  'gpuTooSmall',
  'gpuMemoryUnknown',
  'gpuFailedBefore',
  'smallestOnCpu',
]);
export type ChoiceReason = z.infer<typeof ChoiceReason>;

/** Where the memory of the device that computes goes, in bytes. */
export const MemoryUse = z.object({
  kind: z.enum(['ram', 'vram']),
  /** Null where no probe can read it. */
  totalBytes: z.number().nullable(),
  /** What other programs held when the model was opened; null where no probe can read it. */
  othersBytes: z.number().nullable(),
  weightsBytes: z.number(),
  /** The key and value cache of the open conversation. */
  conversationBytes: z.number(),
});
export type MemoryUse = z.infer<typeof MemoryUse>;

/** What the inference worker says of the model it opened. */
export const OpenedModel = z.object({
  precision: Precision,
  device: Device,
  deviceName: z.string(),
  executionProvider: z.string(),
  /** The number format of the arithmetic: weights may be stored in fewer bits. */
  computedIn: z.enum(['float32', 'float16']),
  contextLength: z.int(),
  reason: ChoiceReason,
  memory: MemoryUse,
  /** What opening and warming up took; null where no probe can read it, or other work took memory in the same process. */
  measurement: Measurement.nullable(),
});
export type OpenedModel = z.infer<typeof OpenedModel>;

/** A model runs in a lesser way than was wanted, because the wanted one failed. */
export const StepDown = z.object({ precision: Precision, device: Device, error: WireError });
export type StepDown = z.infer<typeof StepDown>;

/** Which model it is, whether or not it runs. */
export const NamedModel = z.object({ modelId: ModelId, name: z.string(), isDemo: z.boolean() });
export type NamedModel = z.infer<typeof NamedModel>;

export const LoadedModel = OpenedModel.extend({
  ...NamedModel.shape,
  /** What was tried first, best first; empty when the first way worked. */
  steppedDownFrom: z.array(StepDown),
  /** The chosen model, if it cannot be used and the demo answers for it, and why. */
  insteadOf: z.object({ model: NamedModel, error: WireError }).nullable(),
});
export type LoadedModel = z.infer<typeof LoadedModel>;

export const LoadProgress = z.object({
  /** `preparing`: weights are quantized, once per precision; `opening`: the session is made. */
  stage: z.enum(['starting', 'preparing', 'opening', 'warmingUp']),
  /** 0 to 1 within the stage; null where it cannot be known. */
  fraction: z.number().min(0).max(1).nullable(),
  /** How it will run: absent until that is chosen, and in later steps. */
  way: z.object({ precision: Precision, device: Device }).optional(),
});
export type LoadProgress = z.infer<typeof LoadProgress>;

export const ModelStatus = z.discriminatedUnion('state', [
  z.object({ state: z.literal('unloaded') }),
  z.object({
    state: z.literal('loading'),
    model: NamedModel,
    precision: PrecisionSetting,
    device: DeviceSetting,
    progress: LoadProgress,
  }),
  z.object({ state: z.literal('ready'), model: LoadedModel }),
  z.object({
    state: z.literal('failed'),
    model: NamedModel,
    precision: PrecisionSetting,
    device: DeviceSetting,
    error: WireError,
  }),
]);
export type ModelStatus = z.infer<typeof ModelStatus>;
