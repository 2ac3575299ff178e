import type { ExtraProps } from 'react-markdown';

type Element = NonNullable<ExtraProps['node']>;
type Parent = { children: Element['children'] };

const childless = new Set(['br', 'hr', 'img', 'input']);

const caret = (): Element => ({
  type: 'element',
  tagName: 'span',
  properties: { className: ['caret'] },
  children: [],
});

/** Puts the caret behind the last letter written, however deep in a list, a table or code it stands. */
export const rehypeCaret = () => (tree: Parent) => {
  let parent = tree;
  for (;;) {
    const last = parent.children.findLast((child) => child.type !== 'text' || child.value.trim() !== '');
    if (last?.type !== 'element' || childless.has(last.tagName)) break;
    parent = last;
  }
  const text = parent.children.at(-1);
  if (text?.type === 'text' && text.value.endsWith('\n')) text.value = text.value.trimEnd();
  parent.children.push(caret());
};
