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
  forms: null,
};

/** Loads that model on a computer of which nothing is known, and where nothing is remembered. */
export const testLoading = {
  chosen: () => ({ model: testModel, insteadOf: null }),
  demo: () => testModel,
  experience: {
    of: () => Promise.resolve([]),
    remember: () => Promise.resolve(),
    forgetFailures: () => Promise.resolve(),
  },
  proof: () => Promise.resolve(null),
  nowMs: () => 1_000,
};
