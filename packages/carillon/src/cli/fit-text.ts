/** No character as people see it has more code units than this for each of its columns: more need not be looked at. */
const maxUnitsPerColumn = 16;

const characters = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** Characters that take two columns: East Asian ones, and emoji. */
const wide =
  /^(?:[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97c\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{1b000}-\u{1b2ff}\u{20000}-\u{3fffd}]|\p{Emoji_Presentation}|\p{Emoji}\ufe0f)/u;

/**
 * Cuts a text to at most `width` columns of a terminal, with an ellipsis where something was left out. What a terminal would
 * act on is shown as blanks.
 */
export function fitText(text: string, width: number): string {
  const shown = text.slice(0, width * maxUnitsPerColumn).replaceAll(/[\p{Cc}\p{Bidi_Control}\p{Zl}\p{Zp}]/gu, ' ');
  let taken = 0;
  /** As much as fits beside an ellipsis. */
  let short = '';
  for (const { segment } of characters.segment(shown)) {
    taken += columnsOf(segment);
    if (taken > width) return `${short}…`;
    if (taken < width) short += segment;
  }
  return shown;
}

/** The same, filled up with blanks to `width` columns. */
export function padText(text: string, width: number): string {
  const fitting = fitText(text, width);
  let taken = 0;
  for (const { segment } of characters.segment(fitting)) taken += columnsOf(segment);
  return fitting + ' '.repeat(width - taken);
}

function columnsOf(character: string): number {
  return wide.test(character) ? 2 : 1;
}
