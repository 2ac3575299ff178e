import type { DeviceSetting } from './precision';
import type { Verdict } from './verdict';

/**
 * Which of these verdicts, best first, Auto goes by: the first that it takes without asking, otherwise the smallest way, of which it is
 * known best that there is room for it. Null where nothing is left to choose from. The one rule of what is loaded and of what is shown.
 */
export function autoVerdict(verdicts: readonly Verdict[], device: DeviceSetting): Verdict | null {
  const there = verdicts.filter((verdict) => device === 'auto' || verdict.device === device);
  return (
    there.find(({ isForAuto }) => isForAuto) ?? there.find(device === 'gpu' ? isNf4 : isInt4OnCpu) ?? there[0] ?? null
  );
}

/** The smallest of a GPU: one whose memory no probe can read gets it, too. */
const isNf4 = ({ precision }: Verdict): boolean => precision === 'nf4';

const isInt4OnCpu = ({ precision, device }: Verdict): boolean => precision === 'int4' && device === 'cpu';
