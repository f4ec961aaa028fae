/** What two spellings of an author's name have in common: `GABRIEL GARCIA MARQUEZ` finds Gabriel García Márquez. */
export function authorKey(author: string): string {
  return author.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase().replace(/\s+/g, ' ').trim();
}
