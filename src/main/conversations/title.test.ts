import { expect, test } from 'vitest';
import { titleOf } from './title';

test.each([
  ['Hello', 'Hello'],
  ['  first line \nsecond line', 'first line'],
  ['\n\n\r\n 你好\n再见', '你好'],
  ['tabs\tand   spaces', 'tabs and spaces'],
  ['', ''],
  ['千'.repeat(40), '千'.repeat(40)],
  ['千'.repeat(41), `${'千'.repeat(39)}…`],
  // A family is five code points joined, a flag two: neither may be cut in half.
  ['👨‍👩‍👧'.repeat(41), `${'👨‍👩‍👧'.repeat(39)}…`],
  [`${'a'.repeat(38)}🇨🇳bc`, `${'a'.repeat(38)}🇨🇳…`],
])('%j is named %j', (text, title) => {
  expect(titleOf(text)).toBe(title);
});

test('a pasted line of a megabyte is named at once', () => {
  const startedMs = performance.now();
  expect(titleOf('x'.repeat(1_000_000))).toBe(`${'x'.repeat(39)}…`);
  expect(performance.now() - startedMs).toBeLessThan(1_000);
});
