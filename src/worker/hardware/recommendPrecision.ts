import type { Gpu, Hardware } from '../../shared/hardware';
import type { Precision } from '../../shared/precision';
import { estimateMemory, type ModelShape } from './memoryEstimate';

export type Recommendation = Hardware['recommended'];

type Situation = {
  gpus: readonly Gpu[];
  ram: { free: number };
  shape: ModelShape;
  contextLength: number;
};

/** What Auto chooses: on a GPU the best precision that fits its free memory, otherwise on the CPU int8 or, if that does not fit, int4.
 *  nf4 is never chosen for a CPU, where it is slow, and memory that a probe could not read counts as none. */
export function recommendPrecision(situation: Situation): Recommendation {
  const onGpu = gpuPrecisions.find((precision) => fitsGpu(precision, situation));
  if (onGpu !== undefined) return { precision: onGpu, device: 'gpu', reason: 'fitsGpu' };
  const { gpus, ram, shape, contextLength } = situation;
  const int8Peak = estimateMemory({ shape, precision: 'int8', device: 'cpu', contextLength }).peakBytes + marginBytes;
  if (int8Peak > ram.free) return { precision: 'int4', device: 'cpu', reason: 'smallestOnCpu' };
  return { precision: 'int8', device: 'cpu', reason: gpus.length > 0 ? 'gpuTooSmall' : 'noGpu' };
}

/** What Auto considers on a GPU, best first. */
export const gpuPrecisions = ['bf16', 'int8', 'nf4'] as const satisfies readonly Precision[];

/** Whether one GPU has the memory free; a GPU whose memory no probe can read has none. */
export function fitsGpu(precision: Precision, { gpus, shape, contextLength }: Omit<Situation, 'ram'>): boolean {
  const free = Math.max(0, ...gpus.map((gpu) => gpu.vramFree ?? 0));
  return estimateMemory({ shape, precision, device: 'gpu', contextLength }).peakBytes + marginBytes <= free;
}

/** Left to windows that other programs open meanwhile, our own among them. */
export const marginBytes = 512 * 2 ** 20;
