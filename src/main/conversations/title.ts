const longestTitle = 40;
/** More than a title can need: finding characters in a whole pasted file would take minutes. */
const longestLine = 2_000;
const characters = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** A conversation's name from its first message: the first line that says something, cut between characters. */
export function titleOf(text: string): string {
  const line = text.split(/\r?\n/).find((each) => each.trim() !== '') ?? '';
  const graphemes = Array.from(
    characters.segment(line.trim().slice(0, longestLine).replace(/\s+/g, ' ')),
    ({ segment }) => segment,
  );
  if (graphemes.length <= longestTitle) return graphemes.join('');
  return `${graphemes
    .slice(0, longestTitle - 1)
    .join('')
    .trimEnd()}…`;
}
