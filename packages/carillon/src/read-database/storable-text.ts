/** ES2024, which every supported Node has. */
type WellFormed = string & { isWellFormed(): boolean; toWellFormed(): string };

/**
 * A text as every database holds it: none holds half of a surrogate pair, and PostgreSQL no U+0000. Both become U+FFFD here, and not
 * somewhere there, so that a key is the same in a handler, in a query and in the table.
 */
export function storableText(text: string): string {
  const whole = (text as WellFormed).isWellFormed() ? text : (text as WellFormed).toWellFormed();
  return whole.includes('\0') ? whole.replaceAll('\0', '\uFFFD') : whole;
}
