import type { MemoryUse } from '../../../shared/model';

type PartName = 'others' | 'weights' | 'conversation';
type MemoryPart = {
  readonly name: PartName;
  readonly bytes: number;
  /** Of the whole bar. */
  readonly percent: number;
};

type MemoryParts = {
  /** In the order of the bar; what nobody could measure is left out. */
  readonly parts: readonly MemoryPart[];
  /** What all programs use; only the model's own share where the others are unknown. */
  readonly usedBytes: number;
  /** Null where the total or the others are unknown. */
  readonly freeBytes: number | null;
};

/** The parts never run over the end of the bar, even if programs claim more than there is. */
export function memoryParts({ totalBytes, othersBytes, weightsBytes, conversationBytes }: MemoryUse): MemoryParts {
  const usedBytes = (othersBytes ?? 0) + weightsBytes + conversationBytes;
  const wholeBytes = Math.max(totalBytes ?? 0, usedBytes, 1);
  const part = (name: PartName, bytes: number): MemoryPart => ({ name, bytes, percent: (bytes / wholeBytes) * 100 });
  return {
    parts: [
      ...(othersBytes === null ? [] : [part('others', othersBytes)]),
      part('weights', weightsBytes),
      part('conversation', conversationBytes),
    ],
    usedBytes,
    freeBytes: totalBytes === null || othersBytes === null ? null : Math.max(totalBytes - usedBytes, 0),
  };
}
