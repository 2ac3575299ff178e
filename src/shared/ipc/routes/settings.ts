import { z } from 'zod';
import { Settings, SettingsChange } from '../../settings';
import { call, stream } from '../define';

export const settingsRoutes = {
  /** The settings: at once, and again after each change. */
  'settings.watch': stream({ input: z.object({}), event: Settings }),
  /** Changes what is given, stores it, and applies it (a new precision or device reloads the model). */
  'settings.change': call({ input: SettingsChange, output: Settings }),
};
