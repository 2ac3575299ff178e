import type { Gpu } from '../../shared/hardware';
import type { Device } from '../../shared/precision';
import { computingGpu } from './computingGpu';

/** Memory as it is read at one time, in bytes. */
export type MemoryReading = {
  readonly gpu: Gpu | undefined;
  /** Of this process: now, and at most so far. */
  readonly rss: number;
  readonly peakRss: number;
};

export const readMemory = (gpus: readonly Gpu[]): MemoryReading => ({
  gpu: computingGpu(gpus),
  rss: process.memoryUsage.rss(),
  peakRss: process.resourceUsage().maxRSS * 1024,
});

type Opened = { device: Device; weightsBytes: number };

/** What opening a model took of the device's memory, read before and after; null where the readings do not tell it. */
export const takenMemory = (before: MemoryReading, after: MemoryReading, opened: Opened): number | null =>
  opened.device === 'cpu' ? takenRam(before, after) : takenVram(before.gpu, after.gpu, opened.weightsBytes);

/** The highest point is told for the whole life of a process: it is this model's only if it rose. */
const takenRam = (before: MemoryReading, after: MemoryReading): number | null =>
  after.peakRss > before.peakRss ? after.peakRss - before.rss : null;

/** Others use the GPU too. Less than the weights cannot be right: somebody gave memory back meanwhile, or another GPU computes. In
 *  the one memory of a chip so much else happens that a difference says nothing. */
function takenVram(before: Gpu | undefined, after: Gpu | undefined, weightsBytes: number): number | null {
  const [first, last] = [before?.vramFree ?? null, after?.vramFree ?? null];
  if (first === null || last === null || before?.kind === 'unified' || before?.name !== after?.name) return null;
  return first - last >= weightsBytes ? first - last : null;
}
