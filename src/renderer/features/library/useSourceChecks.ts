import { useCallback, useState } from 'react';
import type { SourceCheck } from '../../../shared/library';
import { call } from '../../ipc';
import { useAction } from '../../useAction';

/** Which sources answer. They are asked when the user wants to know, not before. */
export function useSourceChecks() {
  const [checks, setChecks] = useState<readonly SourceCheck[]>([]);
  const { error, isRunning, run } = useAction();
  const check = useCallback(() => void run(async () => setChecks(await call('library.checkSources', {}))), [run]);
  return { checks, error, isRunning, check };
}
