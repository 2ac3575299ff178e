import { z } from 'zod';
import { ModelStatus } from '../../model';
import { call, stream } from '../define';

export const modelRoutes = {
  /** What runs: at once, and again after each change. */
  'model.watch': stream({ input: z.object({}), event: ModelStatus }),
  /** Loads the model as the settings say; the way back after a failure. */
  'model.load': call({ input: z.object({}), output: z.object({}) }),
};
