import type { DeviceSetting, PrecisionSetting } from '../../../shared/precision';
import type { Verdict } from '../../../shared/verdict';

/** How a precision would run with this setting of the device: where Auto chooses it, the better of both. Null for Auto itself. */
export const verdictFor = (
  verdicts: readonly Verdict[] | null,
  precision: PrecisionSetting,
  device: DeviceSetting,
): Verdict | null =>
  verdicts?.find((verdict) => verdict.precision === precision && (device === 'auto' || verdict.device === device)) ??
  null;
