import { z } from 'zod';
import { Device, Precision } from './precision';

/** The numbers of a Qwen that its memory follows from. */
export const ModelShape = z.object({
  layers: z.int(),
  hiddenSize: z.int(),
  heads: z.int(),
  /** Rows of w1 and of w2. */
  feedForwardSize: z.int(),
  vocabularySize: z.int(),
});
export type ModelShape = z.infer<typeof ModelShape>;

/** What became of a way that was tried on this computer, with this driver and this Deskmate. */
export const Measurement = z.object({
  precision: Precision,
  device: Device,
  /** The tokens whose keys and values were in the memory that was measured. */
  contextLength: z.int(),
  /** Of the device's memory; null when it failed, and was stepped down from. */
  peakBytes: z.number().nullable(),
});
export type Measurement = z.infer<typeof Measurement>;

/** Why a verdict is what it is; each has `verdict.<reason>` in both languages, which may use the verdict's figures. */
export const VerdictReason = z.enum([
  'measured',
  'fits',
  'fitsTightly',
  'tooLarge',
  'memoryUnknown',
  'noGpu',
  'gpuUnproved',
  'gpuBroken',
  'slowOnCpu',
  'failedBefore',
]);
export type VerdictReason = z.infer<typeof VerdictReason>;

/** How a model would run in one way on this computer. */
export const Verdict = z.object({
  precision: Precision,
  device: Device,
  /** `runs` was measured here; `shouldRun` is an estimate; `unknown`: nothing tells how much memory there is. */
  verdict: z.enum(['runs', 'shouldRun', 'unknown', 'wontRun']),
  reason: VerdictReason,
  /** Of the device's memory, at `contextLength`: estimated, or measured here with what keys and values up to that length add. */
  peakBytes: z.number(),
  isMeasured: z.boolean(),
  /** Free now, with what the model that runs would give back; null where no probe can read it. */
  freeBytes: z.number().nullable(),
  /** What is lacking for `wontRun`, 0 otherwise. */
  missingBytes: z.number(),
  contextLength: z.int(),
  /** Of the prepared weights on the disk, with the embedding: what an installation without its originals keeps. */
  diskBytes: z.number(),
  /** Of the same where the originals are kept, which have the embedding, and all that a CPU computes in BF16. */
  diskBytesBesideOriginals: z.number(),
  /** Of the published weights: it is on the disk as a whole before it is prepared. */
  largestTensorBytes: z.number(),
  /** Auto takes it without asking: it runs without a warning, and is not larger than what failed. */
  isForAuto: z.boolean(),
  /** The first of the list that Auto takes without asking. */
  isRecommended: z.boolean(),
});
export type Verdict = z.infer<typeof Verdict>;
