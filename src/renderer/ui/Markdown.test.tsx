// @vitest-environment happy-dom
import { cleanup, fireEvent, render, screen, waitFor } from '@testing-library/react';
import { afterEach, expect, test } from 'vitest';
import { installBridge } from '../bridge.test-support';
import { Markdown } from './Markdown';

afterEach(cleanup);
const show = (text: string, isStreaming = false) =>
  render(<Markdown text={text} isStreaming={isStreaming} />).container;

test.each([
  '<script>alert(1)</script>',
  '<img src=x onerror=alert(1)>',
  '<iframe src="https://evil.example"></iframe>',
  '<svg onload=alert(1)>',
  'text <b onmouseover=alert(1)>bold</b>',
  '<style>body{display:none}</style>',
  '<a href="javascript:alert(1)">x</a>',
  '<form action="https://evil.example"><input name=a></form>',
  '<!-- comment --><object data=x></object>',
  '<math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>',
])('raw HTML is text, never an element: %s', (html) => {
  const shown = show(html);
  expect(shown.querySelector('script,img,iframe,svg,style,form,object,math,b,a,input')).toBeNull();
  expect(shown.textContent).toContain('<');
});

test.each([
  '[x](javascript:alert(1))',
  '[x](JAVASCRIPT:alert(1))',
  '[x](data:text/html;base64,PHNjcmlwdD4=)',
  '[x](vbscript:msgbox)',
  '[x](file:///etc/passwd)',
  '[x](http://plain.example)',
  '<javascript:alert(1)>',
  '[x]: javascript:alert(1)\n\n[x]',
  '[x](https://bank.example@evil.example)',
])('an address that is neither https nor mailto is no link: %s', (text) => {
  expect(show(text).querySelector('a')).toBeNull();
});

test('a link is opened through main, and never by the window', async () => {
  const { calls } = installBridge();
  show('[docs](https://example.com/a)');
  const link = screen.getByRole('link', { name: 'docs' });
  expect(fireEvent.click(link)).toBe(false); // its own navigation is prevented
  await waitFor(() => expect(calls).toEqual([{ route: 'system.openLink', input: { url: 'https://example.com/a' } }]));
});

test.each([
  '![secret](https://evil.example/?q=1)',
  '![x](http://evil.example/a.png)',
  '![x](data:image/png;base64,AA)',
])('an image is never fetched: %s', (text) => {
  const shown = show(text);
  expect(shown.querySelector('img,picture,[src],[srcset],[style]')).toBeNull();
  expect(shown.textContent).toMatch(/secret|x/);
});

test('code says its language and can be copied without its last line end', () => {
  const copied: string[] = [];
  Object.defineProperty(navigator, 'clipboard', {
    value: { writeText: (text: string) => Promise.resolve(void copied.push(text)) },
    configurable: true,
  });
  show('```python\nprint("你好")\n```');
  expect(screen.getByText('python')).toBeTruthy();
  fireEvent.click(screen.getByRole('button', { name: 'Copy code' }));
  expect(copied).toEqual(['print("你好")']);
});

test('a fence is coloured once it is closed, and plain before', async () => {
  const { container, rerender } = render(<Markdown text={'```js\nconst a = 1;'} isStreaming />);
  expect(container.querySelector('.hljs-keyword')).toBeNull();
  rerender(<Markdown text={'```js\nconst a = 1;\n```\n'} isStreaming />);
  await waitFor(() => expect(container.querySelector('.hljs-keyword')?.textContent).toBe('const'));
  const keyword = container.querySelector('.hljs-keyword');
  rerender(<Markdown text={'```js\nconst a = 1;\n```\nmore and more'} isStreaming />);
  expect(container.querySelector('.hljs-keyword')).toBe(keyword); // the very same element: nothing flashed
});

test.each([
  ['text', 'some words', 'p'],
  ['a list', '- a\n- b', 'li:last-child'],
  ['a table', '| a |\n| - |\n| b |', 'td'],
  ['open code', '```\nabc\n', 'code'],
  ['nothing yet', '', 'p'],
])('while it streams, one caret stands at the end of %s', (_where, text, selector) => {
  const shown = show(text, true);
  expect(shown.querySelectorAll('.caret')).toHaveLength(1);
  expect(shown.querySelector(`${selector} > .caret:last-child`)).not.toBeNull();
});

test('a finished text has no caret', () => {
  expect(show('done').querySelector('.caret')).toBeNull();
});

test('settled blocks keep their elements while the tail grows', () => {
  const { container, rerender } = render(<Markdown text={'first\n\nsec'} isStreaming />);
  const first = container.querySelector('p');
  rerender(<Markdown text={'first\n\nsecond\n\nthird'} isStreaming />);
  expect(container.querySelector('p')).toBe(first);
  expect(container.querySelectorAll('p')).toHaveLength(3);
});

test('tables and task lists are shown with names for a screen reader', () => {
  show('| a | b |\n| - | - |\n| 1 | 2 |\n\n- [x] yes\n- [ ] no');
  expect(screen.getByRole('table')).toBeTruthy();
  expect(screen.getByRole('checkbox', { name: 'done' })).toBeTruthy();
  expect(screen.getByRole('checkbox', { name: 'open' })).toBeTruthy();
});

test('the language of the text is marked for its fonts', () => {
  expect(show('你好 hello').querySelector('.markdown')?.getAttribute('lang')).toBe('zh-CN');
});
