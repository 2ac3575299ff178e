import { z } from 'zod';
import { Hardware } from '../../hardware';
import { call } from '../define';

export const systemRoutes = {
  'system.hardware': call({ input: z.object({}), output: Hardware }),
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
