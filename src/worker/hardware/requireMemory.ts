import { AppError } from '../../shared/appError';
import { peakOf, type Situation, type Way } from './rankVerdicts';

/**
 * Refuses, with `session.outOfMemory`, what the verdicts call too large for the computer's memory, and with their figures:
 * beyond what is free a system swaps until nothing moves, or ends whom it likes. A GPU's driver refuses by itself.
 */
export function requireMemory(
  { precision, device }: Way,
  situation: Pick<Situation, 'shape' | 'contextLength' | 'measurements' | 'ram'>,
): void {
  if (device === 'gpu') return;
  const { peakBytes } = peakOf({ precision, device }, situation);
  const { free } = situation.ram;
  if (peakBytes <= free) return;
  const [neededGb, freeGb] = [gigabytes(peakBytes), gigabytes(free)];
  throw new AppError('session.outOfMemory', { precision, device, neededGb, freeGb });
}

/** Of 1,024 MB, as the verdicts have them; what is less than a tenth still says something. */
function gigabytes(bytes: number): string {
  const value = bytes / 2 ** 30;
  return value < 0.1 ? value.toPrecision(2) : value.toFixed(1);
}
