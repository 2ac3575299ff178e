import { useEffect, useState } from 'react';
import type { CallRoute, RouteOf } from '../shared/ipc/contract';
import type { InputOf, OutputOf } from '../shared/ipc/define';
import type { WireError } from '../shared/wireError';
import { call, wireErrorOf } from './ipc';

type RouteWithoutInput = { [R in CallRoute]: Record<string, never> extends InputOf<RouteOf<R>> ? R : never }[CallRoute];
type State<T> = { readonly value: T | null; readonly error: WireError | null };

/** What main answers to `route`; null until then. Asked again, also after a failure, whenever `occasion` is another. */
export function useAnswer<R extends RouteWithoutInput>(route: R, occasion?: string): State<OutputOf<RouteOf<R>>> {
  const [state, setState] = useState<State<OutputOf<RouteOf<R>>>>({ value: null, error: null });
  useEffect(() => {
    let isGone = false;
    // RouteWithoutInput holds only routes whose input is empty; the compiler does not see through the mapped type.
    call(route, {} as InputOf<RouteOf<R>>).then(
      (value) => !isGone && setState({ value, error: null }),
      (error: unknown) => !isGone && setState(({ value }) => ({ value, error: wireErrorOf(error) })),
    );
    return () => {
      isGone = true;
    };
  }, [route, occasion]);
  return state;
}
