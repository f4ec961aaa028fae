/** The most words of a searched text that count. */
const maxWords = 16;

/** The most characters of a word that count. */
const maxWordLength = 64;

/**
 * Turns what a person typed into an FTS5 query: every word must occur, the last may be unfinished. Undefined when there
 * is no word. Words are quoted, so that nothing in them is an operator.
 */
export function matchText(text: string): string | undefined {
  const words =
    text
      .slice(0, 4_096)
      .match(/[\p{L}\p{M}\p{N}\p{Co}]+/gu)
      ?.slice(0, maxWords) ?? [];
  if (words.length === 0) return undefined;
  const quoted = words.map((word) => `"${word.slice(0, maxWordLength)}"`);
  return `${quoted.join(' ')} *`.replace(/ \*$/, '*');
}
