import { useCallback, useEffect, useState } from 'react';
import type { ModelId } from '../shared/library';
import type { Verdict } from '../shared/verdict';
import type { WireError } from '../shared/wireError';
import { call, wireErrorOf } from './ipc';

/** How a model would be computed. */
export type Way = Pick<Verdict, 'precision' | 'device'>;

export type VerdictsAccess = {
  /** Best first; null until main has told. */
  readonly verdicts: readonly Verdict[] | null;
  readonly error: WireError | null;
  /** The memory that is free changes as other programs come and go. */
  readonly lookAgain: () => void;
};

type Known = { readonly modelId: ModelId; readonly verdicts: readonly Verdict[] };

/** How a model would run here. Asked again whenever `occasion` is another: a GPU was tested, a model was loaded. */
export function useVerdicts(modelId: ModelId | null, occasion?: string): VerdictsAccess {
  const [known, setKnown] = useState<Known | null>(null);
  const [error, setError] = useState<WireError | null>(null);
  const [askedAgain, setAskedAgain] = useState(0);
  useEffect(() => {
    if (modelId === null) return;
    let isGone = false;
    call('library.verdicts', { modelId }).then(
      (verdicts) => {
        if (isGone) return;
        setKnown({ modelId, verdicts });
        setError(null);
      },
      (reason: unknown) => !isGone && setError(wireErrorOf(reason)),
    );
    return () => {
      isGone = true;
    };
  }, [modelId, occasion, askedAgain]);
  const lookAgain = useCallback(() => setAskedAgain((count) => count + 1), []);
  // Another model's are not shown for this one.
  return { verdicts: known !== null && known.modelId === modelId ? known.verdicts : null, error, lookAgain };
}

/** The way that was picked, or the recommended one until then; null where nothing is recommended and nothing picked. */
export function chosenVerdict(verdicts: readonly Verdict[] | null, picked: Way | null): Verdict | null {
  const isPicked = (verdict: Verdict): boolean => picked !== null && isSameWay(verdict, picked);
  return verdicts?.find(isPicked) ?? verdicts?.find(({ isRecommended }) => isRecommended) ?? null;
}

export const isSameWay = (one: Way, other: Way): boolean =>
  one.precision === other.precision && one.device === other.device;
