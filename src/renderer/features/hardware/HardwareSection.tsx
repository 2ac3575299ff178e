import { ErrorNotice } from '../../ui/ErrorNotice';
import { useAnswer } from '../../useAnswer';
import { Diagnose } from './Diagnose';
import { GpuProofLine } from './GpuProofLine';
import { HardwareFacts } from './HardwareFacts';
import { useGpuProof } from './useGpuProof';

/** What this computer has, whether its GPU computes, and how that was found out. `occasion`: what may have changed it. */
export function HardwareSection({ occasion }: { readonly occasion: string | undefined }) {
  const { value: hardware, error } = useAnswer('system.hardware', occasion);
  const proof = useGpuProof(hardware !== null && hardware.gpus.length > 0);
  return (
    <>
      {error && <ErrorNotice error={error} />}
      {(hardware !== null || error === null) && (
        <HardwareFacts hardware={hardware}>
          <GpuProofLine {...proof} />
        </HardwareFacts>
      )}
      {hardware && <Diagnose hardware={hardware} proof={proof.proof} />}
    </>
  );
}
