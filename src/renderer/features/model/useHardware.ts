import { useEffect, useState } from 'react';
import type { Hardware } from '../../../shared/hardware';
import type { WireError } from '../../../shared/wireError';
import { call, wireErrorOf } from '../../ipc';

type Found = { readonly hardware: Hardware | null; readonly error: WireError | null };

/** What this computer has, asked once; null while main looks. */
export function useHardware(): Found {
  const [found, setFound] = useState<Found>({ hardware: null, error: null });
  useEffect(() => {
    let isGone = false;
    call('system.hardware', {}).then(
      (hardware) => !isGone && setFound({ hardware, error: null }),
      (error: unknown) => !isGone && setFound({ hardware: null, error: wireErrorOf(error) }),
    );
    return () => {
      isGone = true;
    };
  }, []);
  return found;
}
