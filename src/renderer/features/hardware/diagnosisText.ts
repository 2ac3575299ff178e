import { autoVerdict } from '../../../shared/autoVerdict';
import type { GpuProof, Hardware } from '../../../shared/hardware';
import type { Verdict } from '../../../shared/verdict';

/** How a model would run here, as far as main has told. */
export type Judged = { readonly name: string; readonly verdicts: readonly Verdict[] | null };

type Known = {
  readonly hardware: Hardware;
  readonly proof: GpuProof | null;
  readonly judged: Judged | null;
};

/** Everything that is known of the hardware, for a report: in English for whoever reads it, and with nothing rounded. */
export function diagnosisText({ hardware, proof, judged }: Known, at: Date): string {
  const { gpus, ram, cpu, disk, probes } = hardware;
  const lines = [
    `Deskmate hardware, ${at.toISOString()}`,
    navigator.userAgent,
    '',
    ...gpus.map((gpu) => `GPU ${JSON.stringify(gpu)}`),
    ...(gpus.length === 0 ? ['GPU none found'] : []),
    `RAM ${JSON.stringify(ram)}`,
    `CPU ${JSON.stringify(cpu)}`,
    `Disk ${JSON.stringify(disk)}`,
    `GPU proof ${JSON.stringify(proof)}`,
    ...(judged === null ? [] : autoLines(judged)),
    ...probes.flatMap(({ probe, outcome, milliseconds, output }) => [
      '',
      `$ ${probe}`,
      `  ${outcome} after ${Math.round(milliseconds)} ms`,
      ...(output === '' ? [] : [output.trimEnd()]),
    ]),
  ];
  return `${lines.join('\n')}\n`;
}

/** The verdicts that Auto goes by, best first, and the one of them that it takes. */
function autoLines({ name, verdicts }: Judged): string[] {
  if (verdicts === null) return [`Auto, for ${name}: not known yet`];
  const taken = autoVerdict(verdicts, 'auto');
  return [
    `Auto, for ${name}: ${taken === null ? 'nothing' : `${taken.precision} on ${taken.device}`}`,
    ...verdicts.map((verdict) => `  ${JSON.stringify(verdict)}`),
  ];
}
