import type { AppError } from '../../shared/appError';
import type { ModelId } from '../../shared/library';
import type { Way } from './configuredModel';
import { isSameWay, mayStepDown } from './stepDown';

/** The process of a loaded model died. */
export type Crash = Way & { readonly modelId: ModelId; readonly atMs: number };

/** Beyond these crashes before a load say nothing of what was loaded. */
const recentMs = 10 * 60_000;

/**
 * Whether a way is given up in which a model was loaded and then failed. A single crash may be chance, so that it is loaded
 * the same way again; the second one in that way is none. What the engine itself reports would only come again.
 */
export function isGivenUp(error: unknown, failed: Crash, earlier: readonly Crash[]): error is AppError {
  if (!mayStepDown(error)) return false;
  if (error.code !== 'worker.crashed') return true;
  return earlier.some((crash) => crash.modelId === failed.modelId && isSameWay(crash, failed));
}

/** Which crashes still count when a model is loaded anew. */
export const recentCrashes = (crashes: readonly Crash[], nowMs: number): readonly Crash[] =>
  crashes.filter(({ atMs }) => nowMs - atMs < recentMs);
