import { expect, test } from 'vitest';
import { splitBlocks } from './splitBlocks';

test('paragraphs, headings and fences are blocks', () => {
  expect(splitBlocks('one\ntwo\n\nthree\n# head\ntext\n```js\na\n\nb\n```\nafter')).toEqual([
    'one\ntwo\n\n',
    'three\n',
    '# head\ntext\n',
    '```js\na\n\nb\n```\n',
    'after',
  ]);
});

test('a list stays whole, with its blank lines, its code and its nested lists', () => {
  const list = '1. one\n\n   ```py\n   a\n\n   b\n   ```\n\n2. two\n   - deep\n\n   more\n\n';
  expect(splitBlocks(`${list}after`)).toEqual([list, 'after']);
});

test('a very long list is cut between its outermost items, each part numbered on', () => {
  const item = (n: number) => `${n}. ${'word '.repeat(40)}\n   - inner\n`;
  const blocks = splitBlocks(Array.from({ length: 20 }, (_, n) => item(n + 1)).join(''));
  expect(blocks.length).toBeGreaterThan(1);
  expect(blocks.map((block) => /^\d+\. /.test(block))).not.toContain(false);
});

test('a fence is closed only by as many marks of its own kind', () => {
  const fence = '````md\n```\n\n~~~\n````\n';
  expect(splitBlocks(`${fence}x`)).toEqual([fence, 'x']);
});

test('an open fence swallows everything that follows', () => {
  expect(splitBlocks('```\na\n\n# b\n\n- c')).toHaveLength(1);
});

test('after a closed fence an empty block waits for text', () => {
  expect(splitBlocks('```\na\n```\n')).toEqual(['```\na\n```\n', '']);
  expect(splitBlocks('')).toEqual(['']);
});

test('link definitions reach across blocks, so the text stays whole', () => {
  const text = 'see [here][1]\n\n[1]: https://example.com';
  expect(splitBlocks(text)).toEqual([text]);
});

const samples = [
  'Intro：\n```python\nprint("a")\n\nprint("b")\n```\nThen\n\n1. a\n2. b\n\n10. c\n\n| a | b |\n| - | - |\n| 1 | 2 |\n\nend `x` **b**',
  '- a\n  - b\n\n    para\n- c\n\n> quote\n> more\n\n---\n\n## Head\ntext\n\n    code\n\n    more\n\nlast',
  Array.from({ length: 12 }, (_, n) => `${n + 1}. ${'项目 '.repeat(60)}\n   - 内层\n`).join('') + '\n12.5 is no item',
  '从前，有一个年轻人。\n\n　　他很努力。\n\n```\n代码\n```\n\n~~~sh\nls\n~~~\n',
];

test.each(samples)('joined, the blocks are the text', (text) => {
  for (let end = 0; end <= text.length; end += 1)
    expect(splitBlocks(text.slice(0, end)).join('')).toBe(text.slice(0, end));
});

test.each(samples)('a block that has a successor never changes while the text grows', (text) => {
  let before: readonly string[] = [];
  for (let end = 0; end <= text.length; end += 1) {
    const blocks = splitBlocks(text.slice(0, end));
    expect(blocks.slice(0, before.length - 1)).toEqual(before.slice(0, -1));
    before = blocks;
  }
});
