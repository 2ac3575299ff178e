type OpenFence = { readonly language: string | null; readonly code: string };

/**
 * The code of a block that is a fence still being written; null for any other block. It takes no parsing, so that a
 * long program costs no more per word than a short one. Marks that may become the closing fence are held back.
 */
export function openFence(block: string): OpenFence | null {
  const match = /^(?:`{3,}|~{3,})[ \t]*([^\s`]*)[^\n`]*(?:\n|$)/.exec(block);
  if (match === null) return null;
  const code = block.slice(match[0].length).replace(/(^|\n)[ \t]*[`~]*$/, '');
  return { language: match[1] || null, code };
}
