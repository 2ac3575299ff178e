import type { Gpu } from '../../shared/hardware';

/** The GPU that a model will compute on, as far as can be known. ONNX Runtime 1.30 asks WebGPU for the one of "high performance",
 *  which is a card before the processor's graphics, and takes no other wish; of two cards the one with the most free memory is
 *  assumed. */
export const computingGpu = (gpus: readonly Gpu[]): Gpu | undefined =>
  gpus.toSorted((a, b) => rank(a) - rank(b) || (b.vramFree ?? 0) - (a.vramFree ?? 0))[0];

function rank({ kind }: Gpu): number {
  if (kind === 'discrete') return 0;
  return kind === null ? 1 : 2;
}
