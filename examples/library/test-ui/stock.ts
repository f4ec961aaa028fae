import { accepted } from '@carillon-examples/pages/test-ui';
import type { Client } from 'carillon/client';
import type { library } from '../src/library.js';

/** Titles with long words, and with wide letters. */
export const wordy = [
  'Livro do Desassossego',
  'Преступление и наказание',
  'Братья Карамазовы',
  'Neuromancer',
  'Emma',
].map((title, number) => ({ id: `wordy-${number}`, title }));

/** Fills the library with titles that no seed has. */
export async function stock(client: Client<typeof library>): Promise<void> {
  const ghent = {
    titleId: 'bellringer',
    title: 'The Bellringer of Ghent',
    authors: ['Ada Quill'],
    year: 1931,
    language: 'en',
  };
  const night = {
    titleId: 'night',
    title: 'Bellringing at Night',
    authors: ['Joost Klok'],
    year: 1968,
    language: 'nl',
  };
  const tower = { titleId: 'tower', title: 'The Quiet Tower', authors: ['Ada Quill'], year: 1934, language: 'en' };
  for (const title of [ghent, night, tower]) await accepted(client.execute('AddTitle', title));
  for (const { id: titleId, title } of wordy) {
    await accepted(client.execute('AddTitle', { titleId, title, authors: ['Pauline Platt'] }));
  }
  for (const copyId of ['bellringer-1', 'bellringer-2', 'night-1', 'tower-1']) {
    await accepted(client.execute('AddCopy', { copyId, titleId: copyId.slice(0, -2) }));
  }
  for (const [memberId, name] of [
    ['tessa', 'Tessa Toll'],
    ['ulrich', 'Ulrich Umber'],
    ['vera', 'Vera Vale'],
  ] as const) {
    await accepted(client.execute('RegisterMember', { memberId, name, kind: 'adult' }));
  }
  await accepted(client.execute('BorrowCopy', { copyId: 'night-1', memberId: 'vera' }));
  await Promise.all(
    Array.from({ length: 60 }, (_, i) =>
      accepted(
        client.execute('AddTitle', {
          titleId: `prolific-${i}`,
          title: `Page ${i + 1}`,
          authors: ['Pagina Prolific'],
          year: 1900 + (i % 7),
        }),
      ),
    ),
  );
}
