import type { Cell } from './read-database.js';

/** What of a cell is searched: a text itself, the texts in a JSON value. */
export function searchedText(cell: Cell, isJson: boolean): string {
  if (typeof cell !== 'string') return '';
  if (!isJson) return cell;
  const texts: string[] = [];
  gatherTexts(JSON.parse(cell), texts);
  return texts.join(' ');
}

function gatherTexts(value: unknown, texts: string[]): void {
  if (typeof value === 'string') texts.push(value);
  else if (typeof value === 'object' && value !== null) for (const one of Object.values(value)) gatherTexts(one, texts);
}
