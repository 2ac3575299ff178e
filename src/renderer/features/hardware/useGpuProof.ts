import { useCallback, useEffect, useState } from 'react';
import type { GpuProof } from '../../../shared/hardware';
import type { WireError } from '../../../shared/wireError';
import { call } from '../../ipc';
import { useAction } from '../../useAction';

export type GpuProofAccess = {
  /** Null while nothing has been computed in this window. */
  readonly proof: GpuProof | null;
  readonly isRunning: boolean;
  /** The test itself could not be made. */
  readonly error: WireError | null;
  readonly testAgain: () => void;
};

/** Whether the GPU computes. Tested as soon as there is one; main remembers it for this driver, and tests anew only on demand. */
export function useGpuProof(hasGpu: boolean): GpuProofAccess {
  const [proof, setProof] = useState<GpuProof | null>(null);
  const { error, isRunning, run } = useAction();
  const prove = useCallback(
    (isForced: boolean) => void run(async () => setProof(await call('system.proveGpu', { isForced }))),
    [run],
  );
  useEffect(() => {
    if (hasGpu) prove(false);
  }, [hasGpu, prove]);
  return { proof, isRunning, error, testAgain: useCallback(() => prove(true), [prove]) };
}
