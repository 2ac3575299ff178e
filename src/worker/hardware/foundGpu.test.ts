import { expect, test } from 'vitest';
import { kindOf, mergeGpus, vendorOfPciId, type FoundGpu } from './foundGpu';

const gibibyte = 2 ** 30;
const found = (facts: Partial<FoundGpu>): FoundGpu => ({
  name: null,
  vendor: 'nvidia',
  kind: null,
  vramTotal: null,
  vramFree: null,
  driver: null,
  source: 'test',
  pciAddress: null,
  pciId: null,
  ...facts,
});

test('a GPU that two sources see is listed once, with what either knows, and the first is believed', () => {
  const trusted = found({ name: 'RTX 4070', vramTotal: 12 * gibibyte, source: 'a', pciAddress: '0000:01:00.0' });
  const other = found({ vramTotal: 4 * gibibyte, vramFree: gibibyte, driver: '1', pciAddress: '0000:01:00.0' });
  expect(mergeGpus([[trusted], [other]])).toEqual([
    {
      name: 'RTX 4070',
      vendor: 'nvidia',
      kind: null,
      vramTotal: 12 * gibibyte,
      vramFree: gibibyte,
      driver: '1',
      source: 'a',
    },
  ]);
});

test('two cards of one kind are two, whether or not every source knows where they are', () => {
  const card = (pciAddress: string | null) => found({ name: 'RTX 3090', pciId: '10de:2204', pciAddress });
  expect(
    mergeGpus([
      [card('0000:01:00.0'), card('0000:02:00.0')],
      [card(null), card(null)],
    ]),
  ).toHaveLength(2);
  expect(mergeGpus([[card('0000:01:00.0')], [card('0000:02:00.0'), card('0000:01:00.0')]])).toHaveLength(2);
  expect(mergeGpus([[card(null), card(null)]])).toHaveLength(2);
});

test('the processor’s graphics and a card of the same maker are two', () => {
  const [inside, card] = [found({ vendor: 'amd', pciId: '1002:164e' }), found({ vendor: 'amd', pciId: '1002:744c' })];
  expect(mergeGpus([[inside], [card, inside]]).map(({ name }) => name)).toEqual([
    'AMD GPU (1002:164e)',
    'AMD GPU (1002:744c)',
  ]);
});

test('names decide where nothing better is known, and no name is no match', () => {
  expect(mergeGpus([[found({ name: 'A' })], [found({ name: 'A' }), found({ name: 'B' })]])).toHaveLength(2);
  expect(mergeGpus([[found({})], [found({})]])).toHaveLength(2);
});

test('makers and kinds', () => {
  expect(['10de:2684', '1002:744c', '8086:56a0', '1a03:2000', null].map(vendorOfPciId)).toEqual([
    'nvidia',
    'amd',
    'intel',
    'other',
    'other',
  ]);
  expect(kindOf('intel', '0000:00:02.0')).toBe('integrated');
  expect(kindOf('intel', '0000:03:00.0')).toBe('discrete');
  expect(kindOf('nvidia', '0000:01:00.0')).toBe('discrete');
  expect(kindOf('amd', '0000:0c:00.0')).toBeNull();
  expect(kindOf('intel', null)).toBeNull();
});
