import type { Gpu } from '../../shared/hardware';
import type { RunProbe } from './runProbe';

/** NVIDIA's GPUs, as the tool that comes with their driver reports them; none without the driver. */
export async function nvidiaGpus(run: RunProbe): Promise<Gpu[]> {
  const output = await run('nvidia-smi', [
    '--query-gpu=name,memory.total,memory.free',
    '--format=csv,noheader,nounits',
  ]);
  return output === null ? [] : parseNvidiaSmi(output);
}

/** Lines of `name, MiB, MiB`. A part that shares the memory of the CPU has [N/A] for both. Lines that are anything else are messages. */
export function parseNvidiaSmi(output: string): Gpu[] {
  return output.split(/\r?\n/).flatMap((line) => {
    const [, name, total, free] = /^(\S.*), (\d+|\[.+\]), (\d+|\[.+\])\s*$/.exec(line) ?? [];
    if (name === undefined) return [];
    return { name, vramTotal: bytesOfMebibytes(total!), vramFree: bytesOfMebibytes(free!), source: 'nvidia-smi' };
  });
}

const bytesOfMebibytes = (field: string): number | null => (field.startsWith('[') ? null : Number(field) * 2 ** 20);
