import { expect, test } from 'vitest';
import { openFence } from './openFence';

test.each([
  ['```python\nprint(1)\n  x', { language: 'python', code: 'print(1)\n  x' }],
  ['```', { language: null, code: '' }],
  ['~~~ sh title\nls\n', { language: 'sh', code: 'ls' }],
  ['```js\nconst a = `b`', { language: 'js', code: 'const a = `b`' }],
  ['```js\na\n``', { language: 'js', code: 'a' }],
  ['```js\na\n```', { language: 'js', code: 'a' }],
])('%j is a fence being written', (block, fence) => expect(openFence(block)).toEqual(fence));

test.each(['text', '``` inline ``` code', '- ```\n  a', ' ```\n a'])('%j is for the parser', (block) =>
  expect(openFence(block)).toBeNull(),
);
