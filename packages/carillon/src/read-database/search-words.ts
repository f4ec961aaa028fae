/** How many words of a text are searched for; those beyond are ignored. */
const maxWords = 16;

/** How much of a text is looked at, in UTF-16 code units. */
const maxTextLength = 4_096;

/** Where longer words are cut. */
const maxWordLength = 64;

const words = /[\p{L}\p{N}][\p{L}\p{N}\p{M}]*/gu;

/**
 * The words of a text that somebody searches for, each once, in order. Everything that is no letter or digit separates
 * words, so that no operator of a search language and no control character is left.
 */
export function searchWords(text: string): readonly string[] {
  const found = text.slice(0, maxTextLength).normalize('NFC').toLowerCase().match(words) ?? [];
  const cut = found.map((word) => word.slice(0, maxWordLength));
  // Of a word that comes twice the last is kept: it may be the unfinished one.
  return cut.filter((word, index) => cut.lastIndexOf(word) === index).slice(0, maxWords);
}

/** Every word of a text, as often as it comes, for an index. */
export function indexWords(text: string): readonly string[] {
  return text.normalize('NFC').toLowerCase().match(words) ?? [];
}
