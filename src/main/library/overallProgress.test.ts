import { expect, test } from 'vitest';
import type { Installation, LibraryModel } from '../../shared/library';
import { ModelId } from '../../shared/library';
import { progressOf } from './overallProgress';

const model = (installation: Partial<Installation> | null): LibraryModel => ({
  ...{ id: ModelId.parse('m'), name: 'm', isDemo: false, licence: null, downloadBytes: null, isChosen: false },
  installed: null,
  installation: installation && {
    ...{ stage: 'downloading', pause: null, error: null, source: null, precision: 'nf4', device: 'gpu' },
    ...{ keepsOriginals: false, doneBytes: 0, totalBytes: null, preparedBytes: 0, bytesPerSecond: null },
    ...{ secondsLeft: null, ...installation },
  },
});

test.each([
  ['nothing is fetched', [null], -1],
  ['everything is paused', [{ pause: 'user', doneBytes: 1, totalBytes: 2 }], -1],
  ['sizes are not known yet', [{ doneBytes: 0 }, { doneBytes: 1, totalBytes: 2 }], 2],
  ['two are fetched', [{ doneBytes: 1, totalBytes: 3 }, { doneBytes: 2, totalBytes: 3 }, null], 0.5],
] as const)('%s: the task bar shows it', (_name, installations, shown) => {
  expect(progressOf(installations.map(model))).toBe(shown);
});
