import { setTimeout } from 'node:timers/promises';

/** Time as the downloads see it; tests bring their own. */
export type Clock = {
  nowMs(): number;
  /** Rejects as soon as `signal` aborts. */
  wait(ms: number, signal?: AbortSignal): Promise<void>;
};

export const systemClock: Clock = {
  nowMs: () => performance.now(),
  wait: (ms, signal) => setTimeout(ms, undefined, signal && { signal }),
};
