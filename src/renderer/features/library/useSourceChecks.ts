import { useCallback, useState } from 'react';
import type { ModelId, SourceCheck } from '../../../shared/library';
import { call } from '../../ipc';
import { useAction } from '../../useAction';

type Checked = { readonly modelId: ModelId; readonly checks: readonly SourceCheck[] };

/** Which sources have a model. They are asked when the user wants to know, not before. */
export function useSourceChecks(modelId: ModelId | null) {
  const [checked, setChecked] = useState<Checked | null>(null);
  const { error, isRunning, run } = useAction();
  const check = useCallback(() => {
    if (modelId === null) return;
    void run(async () => setChecked({ modelId, checks: await call('library.checkSources', { modelId }) }));
  }, [modelId, run]);
  // What was found of another model is not told of this one.
  return { checks: checked !== null && checked.modelId === modelId ? checked.checks : null, error, isRunning, check };
}
