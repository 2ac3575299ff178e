import type { GpuProof, Hardware } from '../shared/hardware';
import { demoModelId, type Installation, type LibraryModel, type LibraryState, ModelId } from '../shared/library';
import type { ModelStatus } from '../shared/model';
import { Settings } from '../shared/settings';
import type { Verdict } from '../shared/verdict';

const gib = 1024 ** 3;

export const mainModelId = ModelId.parse('qwen-7b-chat');

/** Of someone who took the first steps, in English. */
export const settings = Settings.parse({ language: 'en', hasStarted: true });

export const readyDemo: Extract<ModelStatus, { state: 'ready' }> = {
  state: 'ready',
  model: {
    modelId: demoModelId,
    name: 'demo',
    isDemo: true,
    steppedDownFrom: [],
    insteadOf: null,
    precision: 'int4',
    device: 'cpu',
    deviceName: 'A processor',
    executionProvider: 'CPU',
    computedIn: 'float32',
    contextLength: 512,
    reason: 'noGpu',
    memory: { kind: 'ram', totalBytes: 16e9, othersBytes: 4e9, weightsBytes: 9e6, conversationBytes: 1e6 },
    measurement: null,
  },
};

/** An 8 GB card of which 7.3 GB are free. */
export const hardware: Hardware = {
  gpus: [
    {
      name: 'NVIDIA GeForce RTX 4060',
      vendor: 'nvidia',
      kind: 'discrete',
      vramTotal: 8 * gib,
      vramFree: 7.3 * gib,
      driver: '560.94',
      source: 'nvidia-smi',
    },
  ],
  ram: { total: 32 * gib, free: 20 * gib },
  disk: { folder: '/home/ada', total: 512 * gib, free: 212 * gib },
  cpu: { name: 'A processor', cores: 8 },
  probes: [
    { probe: 'nvidia-smi --query-gpu=name', outcome: 'answered', output: 'RTX 4060, 8188, 7475\n', milliseconds: 41 },
    { probe: '/sys/class/drm', outcome: 'missing', output: '', milliseconds: 0 },
  ],
};

export const goodProof: GpuProof = {
  isUsable: true,
  isSoftware: false,
  error: null,
  largestError: 0.0004,
  milliseconds: 1_240,
  provedAtMs: Date.UTC(2026, 5, 1, 8),
};

export const aVerdict = (parts: Partial<Verdict>): Verdict => ({
  precision: 'nf4',
  device: 'gpu',
  verdict: 'shouldRun',
  reason: 'fits',
  peakBytes: 5.7 * gib,
  isMeasured: false,
  freeBytes: 7.3 * gib,
  missingBytes: 0,
  contextLength: 2048,
  diskBytes: 5.6 * gib,
  diskBytesBesideOriginals: 4.4 * gib,
  largestTensorBytes: 1.2 * gib,
  isForAuto: parts.isRecommended ?? false,
  isRecommended: false,
  ...parts,
});

/** As a card of 8 GB would have them. */
export const verdicts: readonly Verdict[] = [
  aVerdict({ isRecommended: true }),
  aVerdict({ precision: 'int8', device: 'cpu', peakBytes: 11 * gib, freeBytes: 20 * gib, diskBytes: 8.8 * gib }),
  aVerdict({
    precision: 'int8',
    verdict: 'wontRun',
    reason: 'tooLarge',
    peakBytes: 8.8 * gib,
    missingBytes: 1.5 * gib,
    diskBytes: 8.8 * gib,
  }),
  aVerdict({
    precision: 'bf16',
    verdict: 'wontRun',
    reason: 'tooLarge',
    peakBytes: 15.6 * gib,
    missingBytes: 8.3 * gib,
  }),
];

export const aModel = (parts: Partial<LibraryModel> = {}): LibraryModel => ({
  id: mainModelId,
  name: 'Qwen-7B-Chat',
  isDemo: false,
  licence: { name: 'Tongyi Qianwen LICENSE AGREEMENT', url: 'https://example.org/licence' },
  downloadBytes: 14.4 * gib,
  isChosen: false,
  installation: null,
  installed: null,
  check: null,
  ...parts,
});

export const theDemo = (parts: Partial<LibraryModel> = {}): LibraryModel =>
  aModel({
    id: demoModelId,
    name: 'Deskmate demo model',
    isDemo: true,
    licence: null,
    downloadBytes: null,
    isChosen: true,
    installed: installed({
      origin: 'bundled',
      folder: '/app/demo-model',
      diskBytes: 0,
      hasOriginals: true,
      prepared: [],
    }),
    ...parts,
  });

export const installed = (parts: Partial<NonNullable<LibraryModel['installed']>> = {}) => ({
  origin: 'download' as const,
  folder: '/data/models/qwen-7b-chat',
  revision: 'abc',
  diskBytes: 5.6 * gib,
  hasOriginals: false,
  prepared: [{ precision: 'nf4' as const, device: 'gpu' as const, bytes: 5.6 * gib }],
  problem: null,
  ...parts,
});

export const anInstallation = (parts: Partial<Installation> = {}): Installation => ({
  stage: 'downloading',
  pause: null,
  error: null,
  source: 'modelscope',
  precision: 'nf4',
  device: 'gpu',
  keepsOriginals: false,
  doneBytes: 6.2 * gib,
  totalBytes: 14.4 * gib,
  preparedBytes: 5.9 * gib,
  bytesPerSecond: 11.3 * 1024 ** 2,
  secondsLeft: 742,
  ...parts,
});

export const aLibrary = (...models: readonly LibraryModel[]): LibraryState => ({
  models: [...models],
  folder: '/data/models',
  freeBytes: 212 * gib,
  usedBytes: 5.6 * gib,
  problem: null,
  move: null,
});
