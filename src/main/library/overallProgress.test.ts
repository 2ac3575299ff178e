import { expect, test } from 'vitest';
import type { Installation, LibraryModel } from '../../shared/library';
import { ModelId } from '../../shared/library';
import { progressOf } from './overallProgress';

const model = (installation: Partial<Installation> | null): LibraryModel => ({
  ...{ id: ModelId.parse('m'), name: 'm', isDemo: false, licence: null, downloadBytes: null, isChosen: false },
  ...{ installed: null, check: null },
  installation: installation && {
    ...{ stage: 'downloading', pause: null, error: null, source: null, precision: 'nf4', device: 'gpu' },
    ...{ keepsOriginals: false, doneBytes: 0, totalBytes: null, preparedBytes: 0, bytesPerSecond: null },
    ...{ secondsLeft: null, ...installation },
  },
});

const at = (doneBytes: number, totalBytes: number | null) => ({ doneBytes, totalBytes });

test.each([
  ['nothing is fetched', [null], [-1, 'normal']],
  ['the user paused it', [{ pause: 'user', ...at(1, 2) }], [-1, 'normal']],
  ['sizes are not known yet', [at(0, null), at(1, 2)], [2, 'normal']],
  ['two are fetched', [at(1, 3), at(2, 3), null], [0.5, 'normal']],
  ['all is there and is being prepared', [{ stage: 'preparing', preparedBytes: 1, ...at(4, 4) }], [0.25, 'normal']],
  ['one failed while another goes on', [{ pause: 'failed', ...at(1, 2) }, at(1, 4)], [0.25, 'normal']],
  [
    'the disk is full',
    [
      { pause: 'diskFull', ...at(1, 4) },
      { pause: 'offline', ...at(1, 2) },
    ],
    [0.25, 'error'],
  ],
  ['it failed before a size was known', [{ pause: 'failed', ...at(0, null) }], [1, 'error']],
  ['there is no network', [{ pause: 'offline', ...at(1, 2) }], [0.5, 'paused']],
] as const)('%s: the task bar shows it', (_name, installations, [fraction, mode]) => {
  expect(progressOf({ models: installations.map(model), move: null })).toEqual({ fraction, mode });
});

test('a move counts as well, once its size is known', () => {
  const move = { to: '/big', stage: 'copying', ...{ doneBytes: 3, totalBytes: 6 }, error: null } as const;
  const models = [model(at(1, 2))];
  expect(progressOf({ models, move })).toEqual({ fraction: 0.5, mode: 'normal' });
  expect(progressOf({ models: [], move: { ...move, stage: 'waiting' } }).fraction).toBe(-1);
  expect(progressOf({ models: [], move: { ...move, error: { code: 'internal', params: {} } } }).fraction).toBe(-1);
});
