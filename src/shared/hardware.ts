import { z } from 'zod';
import { WireError } from './wireError';

export const Gpu = z.object({
  name: z.string(),
  vendor: z.enum(['nvidia', 'amd', 'intel', 'apple', 'other']),
  /** `unified`: a chip with one memory for all; `integrated`: borrows the memory of the CPU; null where no source tells. */
  kind: z.enum(['discrete', 'integrated', 'unified']).nullable(),
  /** Bytes; null where the source does not tell. */
  vramTotal: z.number().nullable(),
  vramFree: z.number().nullable(),
  /** Name or version, as the driver calls itself; null where no source tells. */
  driver: z.string().nullable(),
  /** Which probe answered first: `nvidia-smi`, `drm`, … */
  source: z.string(),
});
export type Gpu = z.infer<typeof Gpu>;

/** One question asked of the system, with the answer as it came, for whoever has to find out what went wrong. */
export const ProbeRecord = z.object({
  /** A command line, or a path. */
  probe: z.string(),
  outcome: z.enum(['answered', 'missing', 'failed', 'timedOut']),
  output: z.string(),
  milliseconds: z.number(),
});
export type ProbeRecord = z.infer<typeof ProbeRecord>;

export const Hardware = z.object({
  gpus: z.array(Gpu),
  /** Bytes. */
  ram: z.object({ total: z.number(), free: z.number() }),
  /** Of the volume with the models folder (to the CLI: with the user's own), in bytes; null where the system does not tell. */
  disk: z.object({ folder: z.string(), total: z.number(), free: z.number() }).nullable(),
  cpu: z.object({ name: z.string(), cores: z.int() }),
  probes: z.array(ProbeRecord),
});
export type Hardware = z.infer<typeof Hardware>;

/** Whether the GPU really computes, found by computing on it. It holds for one driver and one Deskmate. */
export const GpuProof = z.object({
  isUsable: z.boolean(),
  /** The driver computes on the CPU (Mesa's lavapipe, SwiftShader): right, but slower than our own CPU code. */
  isSoftware: z.boolean(),
  /** Why not. */
  error: WireError.nullable(),
  /** Largest error of a small model's numbers against the CPU's; null if nothing came out. */
  largestError: z.number().nullable(),
  milliseconds: z.number(),
  provedAtMs: z.number(),
});
export type GpuProof = z.infer<typeof GpuProof>;
