import { type KeyboardEvent, useState } from 'react';
import { createImeGuard } from './imeGuard';

/** The guard for one input: spread `inputProps` on it, and ask `owns` before acting on any key. */
export function useImeGuard() {
  const [guard] = useState(() => createImeGuard((work) => void setTimeout(work, 0)));
  return {
    inputProps: { onCompositionStart: guard.start, onCompositionEnd: guard.end },
    owns: ({ nativeEvent, keyCode }: KeyboardEvent) => guard.owns({ isComposing: nativeEvent.isComposing, keyCode }),
  };
}
