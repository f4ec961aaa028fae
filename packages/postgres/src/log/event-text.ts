/** Separates rows, and the tags of a row, on their way to PostgreSQL. */
export const rowSeparator = '\u001f';
export const tagSeparator = '\u001e';

/** Stands before a character that PostgreSQL cannot keep in a text, or that separates texts; these stand shifted behind it. */
const escapeMark = '\u0001';
const special = ['\u0000', escapeMark, tagSeparator, rowSeparator];
const shift = 0x40;

/** A type, tag or id as it is stored. */
export function storedText(text: string): string {
  if (!special.some((character) => text.includes(character))) return text;
  return Array.from(text, (character) =>
    special.includes(character) ? escapeMark + String.fromCharCode(character.charCodeAt(0) + shift) : character,
  ).join('');
}

/** What `storedText` was given. */
export function originalText(stored: string): string {
  if (!stored.includes(escapeMark)) return stored;
  const [begin = '', ...rest] = stored.split(escapeMark);
  return begin + rest.map((part) => String.fromCharCode(part.charCodeAt(0) - shift) + part.slice(1)).join('');
}
