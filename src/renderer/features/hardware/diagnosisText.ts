import type { GpuProof, Hardware } from '../../../shared/hardware';

/** Everything that is known of the hardware, for a report: in English for whoever reads it, and with nothing rounded. */
export function diagnosisText(hardware: Hardware, proof: GpuProof | null, at: Date): string {
  const { gpus, ram, cpu, disk, recommended, probes } = hardware;
  const lines = [
    `Deskmate hardware, ${at.toISOString()}`,
    navigator.userAgent,
    '',
    ...gpus.map((gpu) => `GPU ${JSON.stringify(gpu)}`),
    ...(gpus.length === 0 ? ['GPU none found'] : []),
    `RAM ${JSON.stringify(ram)}`,
    `CPU ${JSON.stringify(cpu)}`,
    `Disk ${JSON.stringify(disk)}`,
    `Recommended ${JSON.stringify(recommended)}`,
    `GPU proof ${JSON.stringify(proof)}`,
    ...probes.flatMap(({ probe, outcome, milliseconds, output }) => [
      '',
      `$ ${probe}`,
      `  ${outcome} after ${Math.round(milliseconds)} ms`,
      ...(output === '' ? [] : [output.trimEnd()]),
    ]),
  ];
  return `${lines.join('\n')}\n`;
}
