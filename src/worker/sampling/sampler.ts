import { blockLength, type LogitsKernel } from './logitsKernel';

/** The highest logit; the lowest id where several are equal. */
export const greedy = (kernel: LogitsKernel): number => kernel.within(0)[0]!;

/** The token that `random`, in [0, 1), falls on when tokens take room by their softmax probability, in the order of their ids: of `ids`, by
 *  default of all. At least one is not ruled out. */
export function draw(kernel: LogitsKernel, random: number, ids?: Uint32Array): number {
  if (ids) {
    const weights = kernel.weights(ids);
    const total = weights.reduce((a, b) => a + b, 0);
    return ids[fall(weights, random * total).index]!;
  }
  const { total, sums } = kernel.weigh();
  const { index, left } = fall(sums, random * total);
  const block = Uint32Array.from({ length: blockLength }, (_, i) => index * blockLength + i);
  return block[fall(kernel.weights(block), left).index]!;
}

/** The weight that `left` ends in when those before it are taken away, and what is left then. Never one of 0: where rounding has left
 *  a crumb, the last that is more. */
function fall(weights: Float64Array, left: number): { index: number; left: number } {
  let last = 0;
  for (let index = 0; index < weights.length; index++) {
    const weight = weights[index]!;
    if (weight === 0) continue;
    last = index;
    if (left < weight) break;
    left -= weight;
  }
  return { index: last, left };
}
