import type { CommandData } from 'carillon';
import type { AddTitle } from '../circulation/collection.js';

/** A line of the CSV file: what is read of it. */
export const columns = [
  'book_id',
  'title',
  'original_title',
  'authors',
  'original_publication_year',
  'language_code',
  'isbn',
] as const;

export type BookRow = Readonly<Record<(typeof columns)[number], string>>;

/** A book of the file, as the library takes it. */
export interface Book {
  readonly title: CommandData<typeof AddTitle>;
  readonly copyIds: readonly string[];
}

/** A row cannot be taken. The message says why. */
export class RowError extends Error {}

/**
 * Reads a row. What is empty is left out.
 *
 * @throws RowError
 */
export function readBook(row: BookRow): Book {
  const rank = Number(row.book_id);
  if (!Number.isSafeInteger(rank) || rank < 1)
    throw new RowError(`book_id is "${row.book_id}", which is no number from 1`);
  const title = tidy(row.title) || tidy(row.original_title);
  if (title === '') throw new RowError('title is empty');
  const year = row.original_publication_year.trim() === '' ? undefined : Number(row.original_publication_year);
  if (year !== undefined && !Number.isInteger(year)) {
    throw new RowError(`original_publication_year is "${row.original_publication_year}", which is no year`);
  }
  const titleId = `book-${rank}`;
  const language = row.language_code.trim();
  const isbn = row.isbn.trim();
  return {
    title: {
      titleId,
      title,
      authors: [...new Set(row.authors.split(',').map(tidy))].filter((author) => author !== ''),
      ...(year !== undefined && { year }),
      ...(language !== '' && { language }),
      // Spreadsheets take the zeros away with which an ISBN begins.
      ...(isbn !== '' && { isbn: isbn.padStart(10, '0') }),
    },
    copyIds: Array.from({ length: copiesOf(rank) }, (_, index) => `${titleId}-${index + 1}`),
  };
}

/**
 * How many copies the library has of the book with a rank: the more are asked for it, the more.
 * 1,000 × 5 + 2,000 × 4 + 5,000 × 2 + 2,000 × 1 = 25,000 copies of 10,000 books.
 */
export function copiesOf(rank: number): number {
  if (rank <= 1_000) return 5;
  if (rank <= 3_000) return 4;
  return rank <= 8_000 ? 2 : 1;
}

function tidy(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}
