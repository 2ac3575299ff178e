import { z } from 'zod';
import { GpuProof, Hardware } from '../../hardware';
import { call } from '../define';

export const systemRoutes = {
  'system.hardware': call({ input: z.object({}), output: Hardware }),
  /** Computes on the GPU in a process of its own, unless this driver was tried before; `isForced` tries again. */
  'system.proveGpu': call({ input: z.object({ isForced: z.boolean() }), output: GpuProof }),
  /** Asks the user, then opens an https or mailto link outside. */
  'system.openLink': call({
    input: z.object({ url: z.string().max(2_000) }),
    output: z.object({ opened: z.boolean() }),
  }),
  /** Versions, for the About page. */
  'system.about': call({
    input: z.object({}),
    output: z.object({
      appVersion: z.string(),
      electronVersion: z.string(),
      onnxRuntimeVersion: z.string(),
      systemLocale: z.string(),
      dataFolder: z.string(),
    }),
  }),
};
