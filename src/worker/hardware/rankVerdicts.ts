import type { Gpu, GpuProof, Hardware } from '../../shared/hardware';
import type { Device, Precision } from '../../shared/precision';
import type { Measurement, ModelShape, Verdict } from '../../shared/verdict';
import { computingGpu } from './computingGpu';
import { estimateMemory } from './memoryEstimate';
import { largestTensorBytes, preparedBytes } from './preparedBytes';

export type Way = { readonly precision: Precision; readonly device: Device };

/** What the policy knows of the computer and of what was tried on it. */
export type Situation = Pick<Hardware, 'gpus' | 'ram'> & {
  shape: ModelShape;
  contextLength: number;
  /** What unloading the model that runs would give back. */
  released: { ramBytes: number; vramBytes: number };
  proof: GpuProof | null;
  measurements: readonly Measurement[];
};

/** An ordinary conversation, for which a precision is chosen. Longer ones take more memory as they grow. */
export const ordinaryContext = 2048;

export const nothingReleased: Situation['released'] = { ramBytes: 0, vramBytes: 0 };

/** Left free beside a model: an eighth of it, for what drivers and allocators take beyond what is asked, and never less than the
 *  windows of other programs take that are opened meanwhile. With it Qwen-7B in BF16 is not for cards of 16 GB. */
export const marginBytes = (peakBytes: number): number => Math.max(512 * 2 ** 20, peakBytes / 8);

/** Every way, best first: what Auto may take in its order, then what runs with a warning, what nobody can tell, and what will not
 *  run. The only policy: what is shown, what is recommended and what Auto loads all come from here. */
export function rankVerdicts(situation: Situation): Verdict[] {
  const order = [...autoWays(situation), ...otherWays];
  const verdicts = order.map((way) => judge(way, situation));
  const ranks = new Map(verdicts.map((verdict) => [verdict, rankOf(verdict, situation)]));
  const ranked = verdicts.toSorted((a, b) => ranks.get(a)! - ranks.get(b)!);
  return ranked.map((verdict, place) => {
    const isForAuto = ranks.get(verdict) === 0;
    return { ...verdict, isForAuto, isRecommended: isForAuto && place === 0 };
  });
}

const onGpu = (precision: Precision): Way => ({ precision, device: 'gpu' });
const onCpu = (precision: Precision): Way => ({ precision, device: 'cpu' });

/** What Auto considers, best first. Whoever had a GPU and lost it to a failure gets the quickest precision of the CPU. */
function autoWays({ measurements }: Pick<Situation, 'measurements'>): Way[] {
  const hasFailedOnGpu = measurements.some(({ device, peakBytes }) => device === 'gpu' && peakBytes === null);
  return [onGpu('bf16'), onGpu('int8'), onGpu('nf4'), ...(hasFailedOnGpu ? cpuWays.toReversed() : cpuWays)];
}
const cpuWays = [onCpu('int8'), onCpu('int4')];

/** What a user may choose. */
const otherWays = [onGpu('int4'), onCpu('bf16'), onCpu('nf4')];

const isOther = (way: Way): boolean => otherWays.some((other) => isSameWay(other, way));

export const isSameWay = (a: Way, b: Way): boolean => a.precision === b.precision && a.device === b.device;

function rankOf(verdict: Verdict, situation: Situation): number {
  switch (verdict.verdict) {
    case 'runs':
    case 'shouldRun':
      return mayAutoTake(verdict, situation) ? 0 : 1;
    case 'unknown':
      return 2;
    case 'wontRun':
      return 3;
    default:
      return verdict.verdict satisfies never;
  }
}

/** Whether Auto takes it without asking: it fits with a margin, and is not larger than what failed. */
const mayAutoTake = (verdict: Verdict, situation: Situation): boolean =>
  !isOther(verdict) && hasNoWarning(verdict) && !isBeyondFailure(verdict, situation);

export function hasNoWarning({ reason }: Pick<Verdict, 'reason'>): boolean {
  return reason === 'measured' || reason === 'fits' || reason === 'gpuUnproved';
}

/** Stepping down never leads up: what takes more than something that failed on the same device is left to the user. */
function isBeyondFailure({ precision, device }: Way, { shape, contextLength, measurements }: Situation): boolean {
  const peak = (way: Way) => estimateMemory({ shape, ...way, contextLength }).peakBytes;
  return measurements.some(
    (past) => past.device === device && past.peakBytes === null && peak(past) < peak({ precision, device }),
  );
}

type Figures = Pick<Verdict, 'verdict' | 'reason' | 'missingBytes'>;

function judge(way: Way, situation: Situation): Verdict {
  const { shape, contextLength } = situation;
  const { peakBytes, isMeasured } = peakOf(way, situation);
  const memory = memoryFor(way.device, situation);
  const disk = preparedBytes({ shape, ...way });
  const figures =
    refusal(way, lastOf(way, situation), situation) ??
    fit({ peakBytes, isMeasured, ...memory }) ??
    ({
      verdict: isMeasured ? 'runs' : 'shouldRun',
      reason: fitReason(way, isMeasured, situation),
      missingBytes: 0,
    } as const);
  return {
    ...way,
    ...figures,
    ...{ peakBytes, isMeasured, freeBytes: memory.free, contextLength },
    ...{ diskBytes: disk.alone, diskBytesBesideOriginals: disk.besideShards },
    largestTensorBytes: largestTensorBytes(shape),
    ...{ isForAuto: false, isRecommended: false }, // known when all of them are
  };
}

/** What a way takes of its device's memory in a conversation of that length: as it was measured here, or else estimated. */
export function peakOf(
  way: Way,
  situation: Pick<Situation, 'shape' | 'contextLength' | 'measurements'>,
): { peakBytes: number; isMeasured: boolean } {
  const { shape, contextLength } = situation;
  const past = lastOf(way, situation);
  if (past !== undefined && past.peakBytes !== null)
    return { peakBytes: past.peakBytes + growth(past, situation), isMeasured: true };
  return { peakBytes: estimateMemory({ shape, ...way, contextLength }).peakBytes, isMeasured: false };
}

/** The latest counts: what failed once may run after the driver's next try. */
const lastOf = (way: Way, { measurements }: Pick<Situation, 'measurements'>): Measurement | undefined =>
  measurements.findLast((past) => isSameWay(past, way));

/** What keys and values add from the length that was measured to the one that is asked for: that much can be calculated. */
function growth(
  { precision, device, contextLength: measured }: Measurement,
  { shape, contextLength }: Pick<Situation, 'shape' | 'contextLength'>,
): number {
  const at = (length: number) => estimateMemory({ shape, precision, device, contextLength: length }).peakBytes;
  return at(contextLength) - at(measured);
}

/** Free and total bytes of a device's memory, with what unloading gives back. */
function memoryFor(device: Device, { gpus, ram, released }: Situation): Memory {
  const gpu = computingGpu(gpus);
  const isShared = gpu?.kind === 'unified';
  const freed = isShared ? released.ramBytes + released.vramBytes : 0;
  if (device === 'cpu') return { total: ram.total, free: Math.min(ram.total, ram.free + (freed || released.ramBytes)) };
  if (gpu === undefined) return { total: null, free: null };
  const free = gpu.vramFree === null ? null : gpu.vramFree + (freed || released.vramBytes);
  return { total: gpu.vramTotal, free: free === null ? null : Math.min(gpu.vramTotal ?? Infinity, free) };
}

type Memory = { total: Gpu['vramTotal']; free: Gpu['vramFree'] };

/** Why a way is out, whatever memory there is; null if it is not. */
function refusal({ device }: Way, past: Measurement | undefined, { gpus, proof }: Situation): Figures | null {
  const wontRun = (reason: Verdict['reason']): Figures => ({ verdict: 'wontRun', reason, missingBytes: 0 });
  if (device === 'gpu') {
    // A GPU that computes is one, even if no probe has heard of it; one that a program on the CPU stands in for is none.
    const computes = proof?.isUsable === true && !proof.isSoftware;
    if (gpus.length === 0 && !computes) return wontRun('noGpu');
    if (proof !== null && !computes) return wontRun('gpuBroken');
  }
  return past?.peakBytes === null ? wontRun('failedBefore') : null;
}

type Need = Memory & { peakBytes: number; isMeasured: boolean };

/** What memory says against it, or that it cannot be told; null where it fits with a margin. */
function fit({ peakBytes, isMeasured, total, free }: Need): Figures | null {
  const limit = free ?? total;
  if (limit !== null && peakBytes > limit)
    return { verdict: 'wontRun', reason: 'tooLarge', missingBytes: peakBytes - limit };
  if (free === null) {
    if (isMeasured) return { verdict: 'runs', reason: 'measured', missingBytes: 0 };
    return { verdict: 'unknown', reason: 'memoryUnknown', missingBytes: 0 };
  }
  if (peakBytes + marginBytes(peakBytes) <= free) return null;
  return { verdict: isMeasured ? 'runs' : 'shouldRun', reason: 'fitsTightly', missingBytes: 0 };
}

function fitReason({ precision, device }: Way, isMeasured: boolean, { proof }: Situation): Verdict['reason'] {
  if (device === 'cpu' && precision === 'nf4') return 'slowOnCpu';
  if (isMeasured) return 'measured';
  return device === 'gpu' && proof === null ? 'gpuUnproved' : 'fits';
}
