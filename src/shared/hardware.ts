import { z } from 'zod';
import { ChoiceReason } from './model';
import { Device, Precision } from './precision';

export const Gpu = z.object({
  name: z.string(),
  /** Bytes; null where the source does not tell. */
  vramTotal: z.number().nullable(),
  vramFree: z.number().nullable(),
  /** Which probe answered: `nvidia-smi`, `drm`, … */
  source: z.string(),
});
export type Gpu = z.infer<typeof Gpu>;

export const Hardware = z.object({
  gpus: z.array(Gpu),
  /** Bytes. */
  ram: z.object({ total: z.number(), free: z.number() }),
  cpu: z.object({ name: z.string(), cores: z.int() }),
  recommended: z.object({ precision: Precision, device: Device, reason: ChoiceReason }),
});
export type Hardware = z.infer<typeof Hardware>;
