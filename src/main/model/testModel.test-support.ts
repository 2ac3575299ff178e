import { ModelId } from '../../shared/library';
import type { ConfiguredModel } from './configuredModel';

/** A model for tests that never read its folder. */
export const testModel: ConfiguredModel = {
  modelId: ModelId.parse('test'),
  name: 'Test model',
  isDemo: true,
  folder: '/models/test',
  preparedFolder: '/prepared',
  fingerprint: null,
};
