import { z } from 'zod';
import type { Gpu } from '../../shared/hardware';
import type { Found, FoundGpu } from './foundGpu';
import type { RunProbe } from './runProbe';

const Answer = z.object({
  SPDisplaysDataType: z.array(
    z.object({
      sppci_model: z.string().nullish(),
      spdisplays_vendor: z.string().nullish(),
      /** `4 GB`, `1536 MB`: its own. */
      spdisplays_vram: z.string().nullish(),
      /** Borrowed from the memory of the CPU. */
      spdisplays_vram_shared: z.string().nullish(),
    }),
  ),
});

/** The graphics of a Mac with a processor of Intel. */
export async function systemProfilerGpus(run: RunProbe): Promise<Found> {
  const record = await run('system_profiler', ['SPDisplaysDataType', '-json']);
  return { gpus: parseSystemProfiler(record.output), probes: [record] };
}

/** Empty where `output` is not system_profiler's. */
export function parseSystemProfiler(output: string): FoundGpu[] {
  const answer = Answer.safeParse(parseJson(output));
  if (!answer.success) return [];
  return answer.data.SPDisplaysDataType.map((display) => ({
    name: display.sppci_model ?? null,
    vendor: vendorIn(`${display.spdisplays_vendor} ${display.sppci_model}`),
    kind: kindIn(display),
    vramTotal: bytesIn(display.spdisplays_vram),
    vramFree: null,
    driver: null,
    source: 'system_profiler',
    pciAddress: null,
    pciId: null,
  }));
}

type Display = z.infer<typeof Answer>['SPDisplaysDataType'][number];

function kindIn({ spdisplays_vram, spdisplays_vram_shared }: Display): Gpu['kind'] {
  if (typeof spdisplays_vram_shared === 'string') return 'integrated';
  return typeof spdisplays_vram === 'string' ? 'discrete' : null;
}

function vendorIn(text: string): Gpu['vendor'] {
  const [maker] = /nvidia|amd|ati|intel|apple/i.exec(text) ?? [];
  return vendors[maker?.toLowerCase() ?? ''] ?? 'other';
}

const vendors: Readonly<Record<string, Gpu['vendor']>> = {
  nvidia: 'nvidia',
  amd: 'amd',
  ati: 'amd',
  intel: 'intel',
  apple: 'apple',
};

function bytesIn(text: string | null | undefined): number | null {
  const [, count, unit] = /^(\d+) (MB|GB)$/.exec(text ?? '') ?? [];
  return count === undefined ? null : Number(count) * (unit === 'GB' ? 2 ** 30 : 2 ** 20);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null; // a message instead of an answer
  }
}
