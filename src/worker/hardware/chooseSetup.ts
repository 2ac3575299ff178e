import { autoVerdict } from '../../shared/autoVerdict';
import type { ChoiceReason } from '../../shared/model';
import type { Device, DeviceSetting, Precision, PrecisionSetting } from '../../shared/precision';
import type { Verdict } from '../../shared/verdict';
import { hasNoWarning, isSameWay, rankVerdicts, type Situation, type Way } from './rankVerdicts';

export type Setup = { precision: Precision; device: Device; reason: ChoiceReason };

type Wish = { precision: PrecisionSetting; device: DeviceSetting };

/** Fills in what the user left to Auto, from the verdicts that are shown, and changes nothing that they chose. `forms` are the
 *  ways for which weights are there; null: all of them can be had. */
export function chooseSetup(
  { precision, device }: Wish,
  situation: Situation,
  forms: readonly Way[] | null = null,
): Setup {
  if (precision !== 'auto' && device !== 'auto') return { precision, device, reason: 'chosen' };
  const verdicts = rankVerdicts(situation).filter((verdict) => forms?.some((form) => isSameWay(form, verdict)) ?? true);
  if (precision !== 'auto') return chooseDevice(precision, verdicts);
  const best = wayOf(autoVerdict(verdicts, device) ?? smallestOn(device));
  return { ...best, reason: device === 'auto' ? reasonFor(best, rankVerdicts(situation)) : 'chosen' };
}

const wayOf = ({ precision, device }: Way): Way => ({ precision, device });

/** The GPU if it takes the precision without a warning. */
function chooseDevice(precision: Precision, verdicts: readonly Verdict[]): Setup {
  const on = (device: Device) => verdicts.find((verdict) => isSameWay(verdict, { precision, device }));
  const [gpu, cpu] = [on('gpu'), on('cpu')];
  if (gpu !== undefined && (hasNoWarning(gpu) || cpu === undefined))
    return { precision, device: 'gpu', reason: 'fitsGpu' };
  return { precision, device: 'cpu', reason: gpu === undefined ? 'chosen' : gpuReason(gpu) };
}

/** Asked for where nothing is there for the device: loading then says so. */
const smallestOn = (device: DeviceSetting): Way =>
  device === 'gpu' ? { precision: 'nf4', device } : { precision: 'int4', device: 'cpu' };

/** What Auto saw, for a way that it took. */
function reasonFor(way: Way, verdicts: readonly Verdict[]): ChoiceReason {
  if (way.device === 'gpu') return 'fitsGpu';
  const on = (wanted: Way) => verdicts.find((verdict) => isSameWay(verdict, wanted))!;
  const gpu = gpuReason(on({ precision: 'nf4', device: 'gpu' }));
  const couldHaveInt8 = on({ precision: 'int8', device: 'cpu' }).isForAuto;
  return way.precision === 'int4' && !couldHaveInt8 ? 'smallestOnCpu' : gpu;
}

/** Why a precision is not computed on the GPU; where it would fit, something smaller failed. */
const gpuReason = ({ reason }: Verdict): ChoiceReason => gpuReasons[reason] ?? 'gpuFailedBefore';

const gpuReasons: Partial<Record<Verdict['reason'], ChoiceReason>> = {
  noGpu: 'noGpu',
  gpuBroken: 'gpuBroken',
  memoryUnknown: 'gpuMemoryUnknown',
  tooLarge: 'gpuTooSmall',
  fitsTightly: 'gpuTooSmall',
};
