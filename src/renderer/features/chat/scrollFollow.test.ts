import { expect, test } from 'vitest';
import { followsAfterScroll, isUpwardKey } from './scrollFollow';

const at = (top: number, height = 2000) => ({ top, height, viewHeight: 500 });
const end = at(1500);

test('moving up lets go, however little and however near the end', () => {
  expect(followsAfterScroll(true, end, at(1490))).toBe(false);
});

test('having let go near the end, growth does not take hold again', () => {
  expect(followsAfterScroll(false, at(1490), at(1490, 2100))).toBe(false);
});

test('coming down to the end takes hold again', () => {
  expect(followsAfterScroll(false, at(1000), at(1490))).toBe(true);
  expect(followsAfterScroll(false, at(1000), at(1200))).toBe(false);
});

test('content that became shorter has not been scrolled by anyone', () => {
  expect(followsAfterScroll(true, end, at(1300, 1800))).toBe(true);
});

test('a window that changed its size keeps following', () => {
  expect(followsAfterScroll(true, end, { top: 1300, height: 2000, viewHeight: 700 })).toBe(true);
});

test('keys that mean up', () => {
  expect(['ArrowUp', 'PageUp', 'Home'].every(isUpwardKey)).toBe(true);
  expect(['ArrowDown', 'End', 'a'].some(isUpwardKey)).toBe(false);
});
