import { useMemo } from 'react';
import type { ModelId } from '../../../shared/library';
import { call } from '../../ipc';
import { type Action, useAction } from '../../useAction';

export type ModelActions = Pick<Action, 'error' | 'isRunning'> &
  Readonly<Record<'choose' | 'pause' | 'resume' | 'cancel' | 'repair' | 'remove', () => void>>;

/** What can be done with one model; how it goes is what library.watch tells. */
export function useModelActions(modelId: ModelId): ModelActions {
  const { error, isRunning, run } = useAction();
  return useMemo(() => {
    const action = (route: `library.${'choose' | 'pause' | 'resume' | 'cancel' | 'repair' | 'remove'}`) => () =>
      void run(() => call(route, { modelId }));
    return {
      error,
      isRunning,
      choose: action('library.choose'),
      pause: action('library.pause'),
      resume: action('library.resume'),
      cancel: action('library.cancel'),
      repair: action('library.repair'),
      remove: action('library.remove'),
    };
  }, [error, isRunning, modelId, run]);
}
