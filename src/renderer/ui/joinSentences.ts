/** Sentences one after another: with a space between them, except after a Chinese full stop, which brings its own. */
export const joinSentences = (...sentences: readonly string[]): string =>
  sentences.reduce((text, sentence) => (/[。！？]$/.test(text) ? text + sentence : `${text} ${sentence}`));
