import type { LibraryModel } from '../../../shared/library';
import { ErrorNotice } from '../../ui/ErrorNotice';
import { useAnswer } from '../../useAnswer';
import { useVerdicts } from '../../useVerdicts';
import { Diagnose } from './Diagnose';
import { GpuProofLine } from './GpuProofLine';
import { HardwareFacts } from './HardwareFacts';
import { useGpuProof } from './useGpuProof';

type Props = {
  /** What may have changed the hardware. */
  readonly occasion: string | undefined;
  /** The model whose verdicts go into the diagnosis; null until the library has told. */
  readonly model: Pick<LibraryModel, 'id' | 'name'> | null;
};

/** What this computer has, whether its GPU computes, and how that was found out. */
export function HardwareSection({ occasion, model }: Props) {
  const { value: hardware, error } = useAnswer('system.hardware', occasion);
  const proof = useGpuProof(hardware !== null && hardware.gpus.length > 0);
  const { verdicts } = useVerdicts(model?.id ?? null, `${occasion} ${proof.proof?.provedAtMs}`);
  return (
    <>
      {error && <ErrorNotice error={error} />}
      {(hardware !== null || error === null) && (
        <HardwareFacts hardware={hardware}>
          <GpuProofLine {...proof} />
        </HardwareFacts>
      )}
      {hardware && (
        <Diagnose hardware={hardware} proof={proof.proof} judged={model && { name: model.name, verdicts }} />
      )}
    </>
  );
}
