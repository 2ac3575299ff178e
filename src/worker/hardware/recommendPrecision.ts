import type { Gpu, Hardware } from '../../shared/hardware';
import type { Precision } from '../../shared/precision';
import { estimatePeakBytes, type ModelShape } from './memoryEstimate';

export type Recommendation = Hardware['recommended'];

type Situation = {
  gpus: readonly Gpu[];
  ram: { free: number };
  shape: ModelShape;
  contextLength: number;
};

/** What Auto chooses: on a GPU the best precision that fits its free memory, otherwise on the CPU int8 or, if that does not fit, int4.
 *  nf4 is never chosen for a CPU, where it is slow, and memory that a probe could not read counts as none. */
export function recommendPrecision({ gpus, ram, shape, contextLength }: Situation): Recommendation {
  const freeVram = Math.max(0, ...gpus.map((gpu) => gpu.vramFree ?? 0));
  const peak = (precision: Precision, device: 'gpu' | 'cpu') =>
    estimatePeakBytes({ shape, precision, device, contextLength }) + marginBytes;
  const onGpu = (['bf16', 'int8', 'nf4'] as const).find((precision) => peak(precision, 'gpu') <= freeVram);
  if (onGpu !== undefined) return { precision: onGpu, device: 'gpu', reason: 'fitsGpu' };
  if (peak('int8', 'cpu') > ram.free) return { precision: 'int4', device: 'cpu', reason: 'smallestOnCpu' };
  return { precision: 'int8', device: 'cpu', reason: gpus.length > 0 ? 'gpuTooSmall' : 'noGpu' };
}

/** Left to windows that other programs open meanwhile, our own among them. */
const marginBytes = 512 * 2 ** 20;
