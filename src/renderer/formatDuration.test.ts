import { expect, test } from 'vitest';
import { type TextKey, translate } from '../shared/translate';
import { formatDuration } from './formatDuration';

const inEnglish = (key: TextKey, params?: Readonly<Record<string, string | number>>) => translate('en', key, params);

test.each([
  [0, 'less than a minute'],
  [59.9, 'less than a minute'],
  [61, '1 min'],
  [12.4 * 60, '12 min'],
  [59.4 * 60, '59 min'],
  [59.8 * 60, '1 h 0 min'],
  [77 * 60, '1 h 15 min'], // hours go by fives
  [26.5 * 3600, '26 h 30 min'],
])('%d seconds read "%s"', (seconds, words) => expect(formatDuration(seconds, inEnglish)).toBe(words));
