import { describe, expect, test } from 'vitest';
import type { DeviceSetting, PrecisionSetting } from '../../shared/precision';
import { chooseSetup } from './chooseSetup';
import { rankVerdicts, type Situation, type Way } from './rankVerdicts';
import { card, failed, proved, situation } from './situation.test-support';

const gibibyte = 2 ** 30;
const gpu = (freeGib: number | null) => card(freeGib === null ? null : freeGib * gibibyte);
type Facts = Partial<Situation> & { forms?: Way[] };
const choose = (precision: PrecisionSetting, device: DeviceSetting, { forms, ...facts }: Facts = {}) =>
  chooseSetup({ precision, device }, situation(facts), forms ?? null);
const broken = { ...proved, isUsable: false };

test('what the user chose is never changed', () => {
  for (const precision of ['bf16', 'int8', 'nf4', 'int4'] as const)
    for (const device of ['gpu', 'cpu'] as const)
      for (const facts of [{}, { gpus: [gpu(1)], proof: broken, measurements: [failed(precision, device)] }])
        expect(choose(precision, device, facts)).toEqual({ precision, device, reason: 'chosen' });
});

test.each<[string, Partial<Situation>, ReturnType<typeof choose>]>([
  ['a GPU of 24 GB', { gpus: [gpu(24)] }, { precision: 'bf16', device: 'gpu', reason: 'fitsGpu' }],
  ['no GPU', {}, { precision: 'int8', device: 'cpu', reason: 'noGpu' }],
  ['a small GPU', { gpus: [gpu(4)] }, { precision: 'int8', device: 'cpu', reason: 'gpuTooSmall' }],
  ['a GPU that fits tightly', { gpus: [gpu(5.5)] }, { precision: 'int8', device: 'cpu', reason: 'gpuTooSmall' }],
  ['a GPU that tells nothing', { gpus: [gpu(null)] }, { precision: 'int8', device: 'cpu', reason: 'gpuMemoryUnknown' }],
  ['a broken GPU', { gpus: [gpu(24)], proof: broken }, { precision: 'int8', device: 'cpu', reason: 'gpuBroken' }],
  [
    'a GPU on which all failed',
    { gpus: [gpu(24)], measurements: [failed('bf16', 'gpu'), failed('int8', 'gpu'), failed('nf4', 'gpu')] },
    { precision: 'int4', device: 'cpu', reason: 'gpuFailedBefore' },
  ],
  [
    'a GPU on which what is smaller failed',
    { gpus: [gpu(24)], measurements: [failed('nf4', 'gpu')] },
    { precision: 'int4', device: 'cpu', reason: 'gpuFailedBefore' },
  ],
  [
    'little memory',
    { ram: { total: 16 * gibibyte, free: 9 * gibibyte } },
    { precision: 'int4', device: 'cpu', reason: 'smallestOnCpu' },
  ],
  [
    'hardly any memory',
    { ram: { total: 4 * gibibyte, free: gibibyte } },
    { precision: 'int4', device: 'cpu', reason: 'smallestOnCpu' },
  ],
])('Auto with %s', (_, facts, setup) => {
  expect(choose('auto', 'auto', facts)).toEqual(setup);
});

test('a precision without a device goes to the GPU if it fits there', () => {
  expect(choose('int8', 'auto', { gpus: [gpu(12)] })).toEqual({ precision: 'int8', device: 'gpu', reason: 'fitsGpu' });
  expect(choose('int8', 'auto', { gpus: [gpu(7)] })).toEqual({
    precision: 'int8',
    device: 'cpu',
    reason: 'gpuTooSmall',
  });
  expect(choose('nf4', 'auto')).toEqual({ precision: 'nf4', device: 'cpu', reason: 'noGpu' });
  expect(choose('int4', 'auto', { gpus: [gpu(12)] })).toMatchObject({ precision: 'int4', device: 'gpu' });
});

test('a device without a precision gets the best that fits it', () => {
  expect(choose('auto', 'gpu', { gpus: [gpu(24)] })).toEqual({ precision: 'bf16', device: 'gpu', reason: 'chosen' });
  expect(choose('auto', 'gpu', { gpus: [gpu(12)] })).toMatchObject({ precision: 'int8', device: 'gpu' });
  expect(choose('auto', 'gpu', { gpus: [gpu(null)] })).toMatchObject({ precision: 'nf4', device: 'gpu' });
  expect(choose('auto', 'gpu')).toMatchObject({ precision: 'nf4', device: 'gpu' });
  expect(choose('auto', 'cpu', { gpus: [gpu(24)] })).toEqual({ precision: 'int8', device: 'cpu', reason: 'chosen' });
});

describe('a model without its originals', () => {
  const nf4: Way = { precision: 'nf4', device: 'gpu' };
  const int4: Way = { precision: 'int4', device: 'cpu' };

  test('is opened in a form that is there', () => {
    expect(choose('auto', 'auto', { gpus: [gpu(24)], forms: [nf4] })).toMatchObject(nf4);
    expect(choose('auto', 'auto', { gpus: [gpu(24)], forms: [int4, nf4] })).toMatchObject(nf4);
    expect(choose('auto', 'auto', { gpus: [gpu(2)], forms: [int4, nf4] })).toMatchObject(int4);
    expect(choose('nf4', 'auto', { forms: [nf4] })).toMatchObject(nf4);
    expect(choose('auto', 'gpu', { gpus: [gpu(24)], forms: [nf4] })).toMatchObject(nf4);
  });

  test('is tried in the one form there is, even if it hardly fits', () => {
    expect(choose('auto', 'auto', { gpus: [gpu(2)], forms: [nf4] })).toMatchObject(nf4);
  });
});

test('Auto loads what the verdicts recommend, in any situation', () => {
  const situations = [null, 2, 5.5, 8, 12, 16, 24].flatMap((free) =>
    [null, proved, broken, { ...proved, isSoftware: true }].flatMap((proof) =>
      [[], [failed('nf4', 'gpu')], [failed('bf16', 'gpu')], [failed('int8', 'cpu')]].flatMap((measurements) =>
        [6, 10, 64].map((ram) =>
          situation({
            ...{ gpus: [gpu(free)], proof, measurements },
            ram: { total: ram * gibibyte, free: ram * gibibyte },
          }),
        ),
      ),
    ),
  );
  expect(situations).toHaveLength(336);
  for (const facts of situations) {
    const recommended = rankVerdicts(facts).find(({ isRecommended }) => isRecommended);
    const { precision, device } = chooseSetup({ precision: 'auto', device: 'auto' }, facts);
    expect({ precision, device }).toEqual(
      recommended === undefined
        ? { precision: 'int4', device: 'cpu' }
        : { precision: recommended.precision, device: recommended.device },
    );
  }
});
