import { autoVerdict } from '../../../shared/autoVerdict';
import type { LibraryModel } from '../../../shared/library';
import type { DeviceSetting, PrecisionSetting } from '../../../shared/precision';
import type { Verdict } from '../../../shared/verdict';
import { isSameWay, type Way } from '../../useVerdicts';

/** Whether the weights for this way are on the disk, or can be made of what is: with the published ones, all can. */
export const isWayHere = (chosen: LibraryModel | null, way: Way): boolean =>
  !chosen?.installed || chosen.installed.hasOriginals || chosen.installed.prepared.some((form) => isSameWay(form, way));

type Situation = {
  /** Best first; null until main has told. */
  readonly verdicts: readonly Verdict[] | null;
  readonly device: DeviceSetting;
  readonly chosen: LibraryModel | null;
};

/** How a precision would run with this setting of the device: of two ways the better one, and rather one that is here. Null for Auto. */
export function verdictFor(precision: PrecisionSetting, { verdicts, device, chosen }: Situation): Verdict | null {
  const possible = verdicts?.filter((one) => one.precision === precision && isOn(device, one)) ?? [];
  return possible.find((verdict) => isWayHere(chosen, verdict)) ?? possible[0] ?? null;
}

/** What Auto would take of what is here. */
export const autoVerdictHere = ({ verdicts, device, chosen }: Situation): Verdict | null =>
  autoVerdict(verdicts?.filter((one) => isWayHere(chosen, one)) ?? [], device);

const isOn = (device: DeviceSetting, verdict: Verdict): boolean => device === 'auto' || verdict.device === device;
