import { useCallback, useState } from 'react';
import type { WireError } from '../shared/wireError';
import { wireErrorOf } from './ipc';

export type Action = {
  readonly error: WireError | null;
  readonly isRunning: boolean;
  /** Runs `work` and keeps its failure for the interface to show; true if it succeeded. */
  readonly run: (work: () => Promise<unknown>) => Promise<boolean>;
  readonly dismiss: () => void;
};

/** The one way an event handler calls main: a failure becomes something to show, never an unhandled rejection. */
export function useAction(): Action {
  const [state, setState] = useState<Pick<Action, 'error' | 'isRunning'>>({ error: null, isRunning: false });
  const run = useCallback(async (work: () => Promise<unknown>) => {
    setState({ error: null, isRunning: true });
    try {
      await work();
      setState({ error: null, isRunning: false });
      return true;
    } catch (error) {
      setState({ error: wireErrorOf(error), isRunning: false });
      return false;
    }
  }, []);
  const dismiss = useCallback(() => setState((state) => ({ ...state, error: null })), []);
  return { ...state, run, dismiss };
}
