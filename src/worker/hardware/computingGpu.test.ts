import { expect, test } from 'vitest';
import type { Gpu } from '../../shared/hardware';
import { computingGpu } from './computingGpu';

const gpu = (name: string, kind: Gpu['kind'], vramFree: number | null): Gpu => ({
  ...{ name, vendor: 'other', kind, vramTotal: null, vramFree, driver: null, source: 'test' },
});

test('a card comes before the processor’s graphics, however much memory those may borrow', () => {
  const gpus = [gpu('graphics', 'integrated', 32), gpu('card', 'discrete', 4), gpu('unclear', null, 16)];
  expect(computingGpu(gpus)?.name).toBe('card');
  expect(computingGpu([gpus[0]!, gpus[2]!])?.name).toBe('unclear');
});

test('of two cards it is the one with the most free memory', () => {
  expect(computingGpu([gpu('a', 'discrete', null), gpu('b', 'discrete', 4), gpu('c', 'discrete', 24)])?.name).toBe('c');
});

test('without any there is none', () => {
  expect(computingGpu([])).toBeUndefined();
});
