import type { ComponentProps } from 'react';
import type { Components, ExtraProps } from 'react-markdown';
import { useTranslate } from '../useTranslate';
import { CodeBlock } from './CodeBlock';
import { ExternalLink } from './ExternalLink';

type Node = NonNullable<ExtraProps['node']>['children'][number];

/** How Markdown becomes elements where plain HTML would not do. Addresses arrive restricted: '' is a refused one. */
export const markdownElements: Components = { a: Anchor, img: ImageStandIn, pre: Pre, table: Table, input: TaskMark };

function Anchor({ href = '', children }: ComponentProps<'a'> & ExtraProps) {
  return href === '' ? <span>{children}</span> : <ExternalLink url={href}>{children}</ExternalLink>;
}

/** An image of a model's answer is never fetched: its address could carry the conversation away. */
function ImageStandIn({ src, alt = '' }: ComponentProps<'img'> & ExtraProps) {
  const t = useTranslate();
  const words = alt === '' ? t('markdown.imageUnnamed') : t('markdown.image', { alt });
  const url = typeof src === 'string' ? src : '';
  return <span className="image-stand-in">{url === '' ? words : <ExternalLink url={url}>{words}</ExternalLink>}</span>;
}

function Pre({ node, children }: ComponentProps<'pre'> & ExtraProps) {
  const code = node?.children[0];
  const classes = code?.type === 'element' ? code.properties['className'] : undefined;
  const language = (Array.isArray(classes) ? classes : [])
    .map((name) => /^language-(.+)$/.exec(String(name))?.[1])
    .find((name) => name !== undefined);
  return (
    <CodeBlock language={language ?? null} code={node ? textOf(node).replace(/\n$/, '') : ''}>
      {children}
    </CodeBlock>
  );
}

/** A wide table scrolls by itself instead of widening the page. */
function Table({ children }: ComponentProps<'table'> & ExtraProps) {
  const t = useTranslate();
  return (
    <div className="table-frame" tabIndex={0} role="region" aria-label={t('markdown.table')}>
      <table>{children}</table>
    </div>
  );
}

function TaskMark({ checked = false }: ComponentProps<'input'> & ExtraProps) {
  const t = useTranslate();
  return (
    <input
      type="checkbox"
      checked={checked}
      disabled
      aria-label={t(checked ? 'markdown.taskDone' : 'markdown.taskOpen')}
    />
  );
}

const textOf = (node: Node): string => {
  if (node.type === 'text') return node.value;
  return node.type === 'element' ? node.children.map(textOf).join('') : '';
};
