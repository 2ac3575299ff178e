import { useEffect, useState } from 'react';
import type { RouteOf, StreamRoute } from '../shared/ipc/contract';
import type { EventOf, InputOf } from '../shared/ipc/define';
import type { WireError } from '../shared/wireError';
import { stream, wireErrorOf } from './ipc';

type Watched<T> = { readonly value: T | null; readonly error: WireError | null };
/** The streams that need nothing to begin: what they announce is the state of the whole app. */
type WatchRoute = {
  [R in StreamRoute]: Record<string, never> extends InputOf<RouteOf<R>> ? R : never;
}[StreamRoute];

/** The newest event of a stream that announces state; null until the first one. */
export function useWatch<R extends WatchRoute>(route: R): Watched<EventOf<RouteOf<R>>> {
  const [watched, setWatched] = useState<Watched<EventOf<RouteOf<R>>>>({ value: null, error: null });
  useEffect(() => {
    const abort = new AbortController();
    // WatchRoute holds only routes whose input is empty; the compiler does not see through the mapped type.
    const nothing = {} as InputOf<RouteOf<R>>;
    const follow = async (): Promise<void> => {
      for await (const value of stream(route, nothing, abort.signal)) setWatched({ value, error: null });
    };
    follow().catch((error: unknown) => setWatched(({ value }) => ({ value, error: wireErrorOf(error) })));
    return () => abort.abort();
  }, [route]);
  return watched;
}
