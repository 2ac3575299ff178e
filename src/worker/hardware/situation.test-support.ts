import type { Gpu, GpuProof } from '../../shared/hardware';
import type { Measurement } from '../../shared/verdict';
import { qwen7bShape } from './memoryEstimate';
import { nothingReleased, ordinaryContext, type Situation } from './rankVerdicts';

const gibibyte = 2 ** 30;

/** A card with so much of its memory free; null: it does not tell. */
export const card = (vramFree: number | null): Gpu => ({
  name: 'A card',
  vendor: 'nvidia',
  kind: 'discrete',
  vramTotal: vramFree,
  vramFree,
  driver: '550.120',
  source: 'test',
});

export const proved: GpuProof = {
  ...{ isUsable: true, isSoftware: false, error: null, largestError: 0.001 },
  ...{ milliseconds: 40, provedAtMs: 1 },
};

export const failed = (precision: Measurement['precision'], device: Measurement['device']): Measurement => ({
  ...{ precision, device, contextLength: ordinaryContext, peakBytes: null },
});

/** Qwen-7B on a computer with 64 GiB of memory and a GPU that passed its test. */
export const situation = (facts: Partial<Situation>): Situation => ({
  gpus: [],
  ram: { total: 64 * gibibyte, free: 64 * gibibyte },
  shape: qwen7bShape,
  contextLength: ordinaryContext,
  released: nothingReleased,
  proof: proved,
  measurements: [],
  ...facts,
  ...(facts.gpus === undefined && facts.proof === undefined && { proof: null }),
});
