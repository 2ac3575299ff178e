import { useState } from 'react';
import type { ModelStatus } from '../shared/model';

/**
 * Whether what answers is the demo. While a model loads, or has not loaded, the one that ran last in this window still
 * says it; null while nothing is known.
 */
export function useIsDemo(status: ModelStatus | null): boolean | null {
  const [last, setLast] = useState<boolean | null>(null);
  const current = status?.state === 'ready' ? status.model.isDemo : last;
  if (current !== last) setLast(current);
  return current;
}
