/** The clock and the screen, given so that a test can be both. */
export type FrameClock = {
  readonly now: () => number;
  /** Calls `work` before the next frame is drawn; returns how to call it off. */
  readonly onFrame: (work: () => void) => () => void;
  readonly after: (delayMs: number, work: () => void) => () => void;
};

/** While the window is hidden no frame comes; events are then applied at this pace. */
const hiddenPaceMs = 250;
/** Applying may take a third of the time: typing gets the rest. */
const restPerWork = 2;

/**
 * Joins what arrives within a frame into one `apply`. If applying takes long (a huge block is parsed anew), the next
 * one waits accordingly, so that a long answer slows its own display down and never the keyboard.
 */
export function createFrameBatch<T>(apply: (items: readonly T[]) => void, clock: FrameClock) {
  let items: T[] = [];
  let callOff: (() => void) | null = null;
  let restUntilMs = 0;

  const flush = (): void => {
    callOff?.();
    callOff = null;
    const startedMs = clock.now();
    const batch = items;
    items = [];
    apply(batch);
    const endedMs = clock.now();
    restUntilMs = endedMs + (endedMs - startedMs) * restPerWork;
  };

  const schedule = (): void => {
    const restMs = restUntilMs - clock.now();
    const cancelLate = clock.after(Math.max(restMs, 0) + hiddenPaceMs, flush);
    let cancelFrame: () => void;
    if (restMs > 16) cancelFrame = clock.after(restMs, () => (cancelFrame = clock.onFrame(flush)));
    else cancelFrame = clock.onFrame(flush);
    callOff = () => {
      cancelLate();
      cancelFrame();
    };
  };

  return {
    push: (item: T): void => {
      items.push(item);
      if (callOff === null) schedule();
    },
    /** Forgets what has not been applied. */
    cancel: (): void => {
      callOff?.();
      callOff = null;
      items = [];
    },
  };
}

export const browserClock: FrameClock = {
  now: () => performance.now(),
  onFrame: (work) => {
    const frame = requestAnimationFrame(work);
    return () => cancelAnimationFrame(frame);
  },
  after: (delayMs, work) => {
    const timer = setTimeout(work, delayMs);
    return () => clearTimeout(timer);
  },
};
