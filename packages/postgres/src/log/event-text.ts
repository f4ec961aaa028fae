/** Separates rows, and the tags of a row, on their way to PostgreSQL. */
export const rowSeparator = '\u001f';
export const tagSeparator = '\u001e';

/** Stands before a character that PostgreSQL cannot keep in a text, or that separates texts; these stand shifted behind it. */
export const escapeMark = '\u0001';
const special = ['\u0000', escapeMark, tagSeparator, rowSeparator];
const firstPlain = 0x20;
const shift = 0x40;

/** A type, tag or id as it is stored. */
export function storedText(text: string): string {
  if (isPlain(text)) return text;
  return Array.from(text, (character) =>
    special.includes(character) ? escapeMark + String.fromCharCode(character.charCodeAt(0) + shift) : character,
  ).join('');
}

/** Whether there is no control character in it; asked of every text, and nearly always true. */
function isPlain(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) < firstPlain) return false;
  return true;
}

/** What `storedText` was given. */
export function originalText(stored: string): string {
  if (!stored.includes(escapeMark)) return stored;
  const [begin = '', ...rest] = stored.split(escapeMark);
  return begin + rest.map((part) => String.fromCharCode(part.charCodeAt(0) - shift) + part.slice(1)).join('');
}
