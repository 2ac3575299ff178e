import { writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { isVisible, readBounds, writeBounds } from './windowBounds';

const laptop = { x: 0, y: 25, width: 1440, height: 875 };
const left = { x: -1920, y: 0, width: 1920, height: 1080 };

test.each([
  ['in the middle', { x: 100, y: 100, width: 1000, height: 700 }, true],
  ['at the edge, with enough to grab', { x: 1300, y: 100, width: 1000, height: 700 }, true],
  ['on the second display', { x: -1800, y: 10, width: 1000, height: 700 }, true],
  ['larger than the display', { x: 0, y: 25, width: 4000, height: 3000 }, true],
  ['too far right', { x: 1400, y: 100, width: 1000, height: 700 }, false],
  ['with its title bar above the display', { x: 100, y: -400, width: 1000, height: 700 }, false],
  ['below the display', { x: 100, y: 880, width: 1000, height: 700 }, false],
  ['on a display that is gone', { x: 3000, y: 100, width: 1000, height: 700 }, false],
])('a window %s', (_where, bounds, visible) => {
  expect(isVisible(bounds, [laptop, left])).toBe(visible);
});

test('bounds are read as they were written; a missing or foreign file says nothing', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'deskmate-window-'));
  const file = join(folder, 'window.json');
  expect(readBounds(file)).toBeNull();
  const saved = { bounds: laptop, isMaximized: true };
  writeBounds(file, saved, (bug) => expect.unreachable(String(bug)));
  expect(readBounds(file)).toEqual(saved);
  for (const text of ['', '{}', '{"bounds":{"x":1e99}}']) {
    writeFileSync(file, text);
    expect(readBounds(file)).toBeNull();
  }
  await rm(folder, { recursive: true });
});

test('bounds that cannot be written are reported, not thrown', () => {
  const bugs: unknown[] = [];
  writeBounds(tmpdir(), { bounds: laptop, isMaximized: false }, (bug) => bugs.push(bug)); // a folder is no file
  expect(bugs).toMatchObject([{ code: 'EISDIR' }]);
});
