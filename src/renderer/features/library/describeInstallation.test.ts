import { expect, test } from 'vitest';
import { type TextKey, translate } from '../../../shared/translate';
import { anInstallation } from '../../fixtures.test-support';
import { installationFigures, installationFraction, installationWords } from './describeInstallation';

const en = (key: TextKey, params?: Readonly<Record<string, string | number>>) => translate('en', key, params);

test.each([
  [{ stage: 'connecting', source: null }, 'Looking for a source'],
  [{ stage: 'downloading', source: 'hfMirror' }, 'Downloading from the Hugging Face mirror'],
  [{ stage: 'downloading', source: 'custom' }, 'Downloading from your own address'],
  [{ stage: 'preparing' }, 'Preparing NF4 on the GPU'],
  [{ stage: 'downloading', pause: 'offline' }, 'Paused: no source can be reached'],
] as const)('%o is "%s"', (parts, words) => expect(installationWords(anInstallation(parts), en)).toBe(words));

test('figures tell how much, how fast and how long, and no speed while nothing moves', () => {
  const all = ['6.2 GB of 14.4 GB', '5.9 GB of it prepared', '11.3 MB/s', '12 min left'];
  expect(installationFigures(anInstallation(), en, 'en')).toEqual(all);
  expect(installationFigures(anInstallation({ pause: 'user' }), en, 'en')).toEqual(all.slice(0, 2));
  expect(installationFigures(anInstallation({ totalBytes: null }), en, 'en')).toEqual([]);
});

test('the bar follows what the stage is about', () => {
  const bytes = { totalBytes: 100, doneBytes: 80, preparedBytes: 60 };
  expect(installationFraction(anInstallation(bytes))).toBe(0.8);
  expect(installationFraction(anInstallation({ ...bytes, stage: 'preparing' }))).toBe(0.6);
  expect(installationFraction(anInstallation({ ...bytes, totalBytes: null }))).toBeNull();
});
