import { useEffect, useState } from 'react';
import type { RouteOf } from '../../../shared/ipc/contract';
import type { OutputOf } from '../../../shared/ipc/define';
import type { WireError } from '../../../shared/wireError';
import { call, wireErrorOf } from '../../ipc';

export type About = OutputOf<RouteOf<'system.about'>>;

/** Versions and places, asked once. */
export function useAbout(): { readonly about: About | null; readonly error: WireError | null } {
  const [state, setState] = useState<{ about: About | null; error: WireError | null }>({ about: null, error: null });
  useEffect(() => {
    let isGone = false;
    call('system.about', {}).then(
      (about) => !isGone && setState({ about, error: null }),
      (error: unknown) => !isGone && setState({ about: null, error: wireErrorOf(error) }),
    );
    return () => {
      isGone = true;
    };
  }, []);
  return state;
}
