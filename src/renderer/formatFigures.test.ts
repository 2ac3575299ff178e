import { expect, test } from 'vitest';
import { formatBytes, formatRate, formatSeconds } from './formatFigures';

test.each([
  [0, '0 B'],
  [1023, '1,023 B'],
  [8.5 * 1024 ** 2, '8.5 MB'],
  [8188 * 1024 ** 2, '8.0 GB'], // what nvidia-smi says of an 8 GB card
  [139 * 1024 ** 3, '139 GB'],
  [99.96 * 1024 ** 3, '100 GB'],
])('%d bytes read %s', (bytes, words) => expect(formatBytes(bytes, 'en')).toBe(words));

test('rates have a decimal only where it says something', () => {
  expect(formatRate(4.26, 'en')).toBe('4.3');
  expect(formatRate(38.2, 'en')).toBe('38');
  expect(formatRate(1234.5, 'zh-CN')).toBe('1,235');
});

test('a fast first token is not zero seconds', () => {
  expect(formatSeconds(4, 'en')).toBe('0.004');
  expect(formatSeconds(31, 'en')).toBe('0.03');
  expect(formatSeconds(412, 'en')).toBe('0.4');
  expect(formatSeconds(12_345, 'en')).toBe('12.3');
});
