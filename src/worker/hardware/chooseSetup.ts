import type { Hardware } from '../../shared/hardware';
import type { ChoiceReason } from '../../shared/model';
import type { Device, DeviceSetting, Precision, PrecisionSetting } from '../../shared/precision';
import type { ModelShape } from './memoryEstimate';
import { gpuPrecisions, recommendPrecision, fitsGpu } from './recommendPrecision';

export type Setup = { precision: Precision; device: Device; reason: ChoiceReason };

type Wish = { precision: PrecisionSetting; device: DeviceSetting };
type Situation = Pick<Hardware, 'gpus' | 'ram'> & { shape: ModelShape; contextLength: number };

/** Fills in what the user left to Auto, and changes nothing that they chose. */
export function chooseSetup({ precision, device }: Wish, situation: Situation): Setup {
  if (device === 'auto')
    return precision === 'auto' ? recommendPrecision(situation) : chooseDevice(precision, situation);
  if (precision !== 'auto') return { precision, device, reason: 'chosen' };
  if (device === 'cpu') return { ...recommendPrecision({ ...situation, gpus: [] }), reason: 'chosen' };
  // A GPU whose memory no probe can read gets the smallest.
  const fitting = gpuPrecisions.find((candidate) => fitsGpu(candidate, situation));
  return { precision: fitting ?? 'nf4', device, reason: 'chosen' };
}

function chooseDevice(precision: Precision, situation: Situation): Setup {
  if (fitsGpu(precision, situation)) return { precision, device: 'gpu', reason: 'fitsGpu' };
  return { precision, device: 'cpu', reason: situation.gpus.length > 0 ? 'gpuTooSmall' : 'noGpu' };
}
