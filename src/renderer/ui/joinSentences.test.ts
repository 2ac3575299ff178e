import { expect, test } from 'vitest';
import { joinSentences } from './joinSentences';

test('a space stands between sentences, and none after a Chinese full stop', () => {
  expect(joinSentences('The disk is full.', 'Go on later.')).toBe('The disk is full. Go on later.');
  expect(joinSentences('磁盘已满。', '稍后继续。')).toBe('磁盘已满。稍后继续。');
  expect(joinSentences('Alone.')).toBe('Alone.');
});
