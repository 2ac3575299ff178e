import { startTransition, useEffect, useState } from 'react';

/** As many messages as fill a screen are shown at once, the earlier ones bit by bit while nothing else is to do. */
const firstCount = 16;
const stepCount = 6;

/** The index of the earliest message to show. It goes down to 0; a long conversation thus opens as fast as a short one. */
export function useShownFrom(total: number): number {
  const [shown, setShown] = useState(firstCount);
  const isPartial = shown < total;
  // Once all are there, those that follow never push one out again.
  if (total > 0 && !isPartial && shown !== Infinity) setShown(Infinity);
  useEffect(() => {
    if (!isPartial) return;
    const idle = requestIdleCallback(() => startTransition(() => setShown((count) => count + stepCount)), {
      timeout: 500,
    });
    return () => cancelIdleCallback(idle);
  }, [isPartial, shown]);
  return Math.max(total - shown, 0);
}
