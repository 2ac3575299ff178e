/**
 * Cuts Markdown into its top-level blocks, so that only the last one of a growing text is parsed again.
 * Joined they are the text. A block that has a successor never changes when text is added at the end;
 * after a closed code fence that successor is empty until more text comes.
 */
export function splitBlocks(text: string): readonly string[] {
  if (linksAcrossBlocks.test(text)) return [text];
  const blocks: string[] = [];
  let block = '';
  let fence: string | null = null;
  let isGap = false; // the line before was blank
  const close = (): void => {
    if (block !== '') blocks.push(block);
    block = '';
  };
  for (const line of linesOf(text)) {
    const isBlank = line.trim() === '';
    if (fence === null && !isBlank && startsBlock({ line, block, isGap })) close();
    block += line;
    const mark = fenceOf(line);
    if (fence === null) fence = mark?.opens ?? null;
    else if (mark !== null && mark.closes !== null && mark.closes.startsWith(fence)) {
      fence = null;
      if (!isInList(block) && line.endsWith('\n')) close();
    }
    isGap = isBlank;
  }
  const endsAtFence = block === '' && blocks.length > 0;
  close();
  return endsAtFence || blocks.length === 0 ? [...blocks, ''] : blocks;
}

/** Definitions of links and footnotes reach from one block into another. */
const linksAcrossBlocks = /^ {0,3}\[[^\]\n]+\]:/m;

const listItem = /^ {0,3}([-*+]|\d{1,9}[.)])(\s|$)/;

/** A list this long is cut between its outermost items: parsing all of it for each new word would be felt. */
const longList = 1_500;
const outermostItem = /^([-*+]|\d{1,9}[.)])\s/;

/** The last line, still growing: `2` may become `2. …`. */
const maybeListItem = /^ {0,3}(\d{1,9})?$/;

const isInList = (block: string): boolean => listItem.test(block);

function startsBlock({ line, block, isGap }: { line: string; block: string; isGap: boolean }): boolean {
  if (block === '') return false;
  if (isInList(block) && block.length > longList && outermostItem.test(line)) return true;
  if (/^(`{3,}|~{3,})/.test(line) && fenceOf(line)?.opens) return true;
  if (/^#{1,6}\s/.test(line)) return true;
  if (!isGap || /^[ \t]{2,}/.test(line)) return false; // goes on, or belongs to a list item or indented code
  return !(isInList(block) && (listItem.test(line) || maybeListItem.test(line)));
}

/** The fence a line could open or close; a closing one bears nothing but its marks. */
function fenceOf(line: string): { opens: string | null; closes: string | null } | null {
  const match = /^[ \t]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)?(`{3,}|~{3,})([^\n]*)/.exec(line);
  if (match === null) return null;
  const [, marks = '', rest = ''] = match;
  const isBare = rest.trim() === '';
  // Backticks in the info string make it inline code, not a fence.
  const opens = marks.startsWith('`') && rest.includes('`') ? null : marks;
  return { opens, closes: isBare && /^[ \t]*[`~]/.test(line) ? marks : null };
}

/** Lines with their line ends. */
const linesOf = (text: string): readonly string[] => text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
