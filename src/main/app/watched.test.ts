import { expect, test } from 'vitest';
import { Watched } from './watched';

test('a listener that throws is reported; the others and the setter go on', () => {
  const bugs: unknown[] = [];
  const seen: number[] = [];
  const watched = new Watched(1, (bug) => bugs.push(bug));
  watched.watch((value) => {
    if (value === 2) throw new Error('the menu could not be made');
  });
  watched.watch((value) => seen.push(value));
  watched.set(2);
  watched.set(3);
  expect(watched.value).toBe(3);
  expect(seen).toEqual([1, 2, 3]);
  expect(bugs).toMatchObject([{ message: 'the menu could not be made' }]);
});

test('who waits for a value gets the first that fits', async () => {
  const watched = new Watched(1, (bug) => expect.unreachable(String(bug)));
  const even = watched.first((value) => (value % 2 === 0 ? value : null));
  watched.set(3);
  watched.set(4);
  expect(await even).toBe(4);
});
