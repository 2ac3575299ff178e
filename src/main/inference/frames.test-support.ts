import type { GenerationStats } from '../../shared/generation';
import type { GpuProof, Hardware } from '../../shared/hardware';
import type { OpenedModel } from '../../shared/model';

/** What a well-behaved worker answers, for tests that are about something else. */
export const openedModel: OpenedModel = {
  precision: 'int4',
  device: 'cpu',
  deviceName: 'Test CPU',
  executionProvider: 'cpu',
  computedIn: 'float32',
  contextLength: 512,
  reason: 'smallestOnCpu',
  memory: { kind: 'ram', totalBytes: 4, othersBytes: 1, weightsBytes: 1, conversationBytes: 1 },
  measurement: { precision: 'int4', device: 'cpu', contextLength: 256, peakBytes: 3 },
};

export const hardware: Hardware = {
  gpus: [],
  ram: { total: 2, free: 1 },
  disk: null,
  cpu: { name: 'Test CPU', cores: 2 },
  probes: [],
};

export const gpuProof: GpuProof = {
  isUsable: true,
  isSoftware: false,
  error: null,
  largestError: 0.001,
  milliseconds: 40,
  provedAtMs: 1_000,
};

export const stats: GenerationStats = {
  promptTokens: 12,
  reusedTokens: 4,
  newTokens: 3,
  timeToFirstTokenMs: 5.5,
  tokensPerSecond: 40,
  precision: 'int4',
  device: 'cpu',
  executionProvider: 'cpu',
  seed: 7,
};
