import { estimateMemory, type ModelSetup } from './memoryEstimate';
import { marginBytes } from './rankVerdicts';

type Bounds = {
  /** Null where no probe can read it. */
  freeBytes: number | null;
  /** What the precision was chosen for. */
  least: number;
  longest: number;
};

/** Without a reading: the training length of Qwen-7B. The cache takes only what a conversation needs. */
const unknownMemoryContext = 8192;

/** The longest context whose keys and values fit beside the weights, never below `least`. */
export function fittingContext(
  setup: Omit<ModelSetup, 'contextLength'>,
  { freeBytes, least, longest }: Bounds,
): number {
  if (freeBytes === null) return Math.min(unknownMemoryContext, longest);
  const fits = (contextLength: number) => {
    const { peakBytes } = estimateMemory({ ...setup, contextLength });
    return peakBytes + marginBytes(peakBytes) <= freeBytes;
  };
  for (let contextLength = longest; contextLength > least; contextLength -= 256)
    if (fits(contextLength)) return contextLength;
  return Math.min(least, longest);
}
