import { memo } from 'react';
import ReactMarkdown from 'react-markdown';
import remarkGfm from 'remark-gfm';
import { CodeBlock } from './CodeBlock';
import { type Plugins, useHighlighter } from './highlighter';
import { langOf } from './langOf';
import { markdownElements } from './markdownElements';
import { openFence } from './openFence';
import { rehypeCaret } from './rehypeCaret';
import { safeUrl } from './safeUrl';
import { splitBlocks } from './splitBlocks';
import './markdown.css';

type Props = {
  readonly text: string;
  /** More text is coming: a caret stands behind the last letter. */
  readonly isStreaming?: boolean;
};

const remarkPlugins: Plugins = [[remarkGfm, { singleTilde: false }]];
const caretPlugins: Plugins = [rehypeCaret];
const restrictUrl = (address: string): string => safeUrl(address) ?? '';

/** Model output, which is untrusted: no raw HTML, no remote images, only https and mailto links. */
export const Markdown = memo(function Markdown({ text, isStreaming = false }: Props) {
  const blocks = splitBlocks(text);
  return (
    <div className="markdown" lang={langOf(text)}>
      {/* A block keeps its place while the text grows, so its place is its key. */}
      {blocks.map((block, index) => (
        <Block key={index} text={block} isLive={isStreaming && index === blocks.length - 1} />
      ))}
    </div>
  );
});

/** Only the live block is parsed again when text arrives; the others skip on equal text. */
const Block = memo(function Block({ text, isLive }: { readonly text: string; readonly isLive: boolean }) {
  const highlight = useHighlighter(!isLive && /```|~~~/.test(text));
  if (isLive && text.trim() === '') {
    return (
      <p>
        <span className="caret" />
      </p>
    );
  }
  const fence = isLive ? openFence(text) : null;
  if (fence !== null) {
    return (
      <CodeBlock language={fence.language} code={fence.code}>
        <code>
          {fence.code}
          <span className="caret" />
        </code>
      </CodeBlock>
    );
  }
  return (
    <ReactMarkdown
      remarkPlugins={remarkPlugins}
      rehypePlugins={isLive ? caretPlugins : highlight}
      components={markdownElements}
      urlTransform={restrictUrl}
    >
      {text}
    </ReactMarkdown>
  );
});
