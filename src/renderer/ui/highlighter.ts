import { useEffect, useSyncExternalStore } from 'react';
import type { Options } from 'react-markdown';

export type Plugins = NonNullable<Options['rehypePlugins']>;

/** Grammars are large: they are fetched with the first code block that needs them. */
const none: Plugins = [];
let plugins: Plugins = none;
let loading: Promise<void> | null = null;
const listeners = new Set<() => void>();

async function load(): Promise<void> {
  const { default: rehypeHighlight } = await import('rehype-highlight');
  // Made once: the plugin registers its grammars each time it is made, and Markdown makes its plugins on every render.
  const highlight = rehypeHighlight({ detect: false });
  plugins = [() => highlight];
  for (const listener of listeners) listener();
}

const subscribe = (listener: () => void): (() => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

/** The highlighting plugin once it is here; empty before, or while `isWanted` is false. */
export function useHighlighter(isWanted: boolean): Plugins {
  const loaded = useSyncExternalStore(subscribe, () => plugins);
  useEffect(() => {
    if (isWanted) (loading ??= load()).catch((error: unknown) => reportError(error)); // plain code is still readable
  }, [isWanted]);
  return isWanted ? loaded : none;
}
